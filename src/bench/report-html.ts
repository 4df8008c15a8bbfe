import type { Analysis } from './analysis.ts';
import type { Report } from './report.ts';
import { escaped, svgOf } from './report-svg.ts';
import { entrantLines, headingOf, tablesOf, type TextTable } from './report-tables.ts';

const STYLE = `body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1200px; padding: 0 1em; color: #222 }
svg { max-width: 100%; height: auto }
table { border-collapse: collapse; margin: 0 0 1.5em; font-variant-numeric: tabular-nums }
caption { text-align: left; padding: .3em 0; font-weight: 600 }
th, td { padding: .15em .7em; border-bottom: 1px solid #ddd; text-align: right }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left }`;

/** The report as one page that needs nothing else. */
export function htmlOf(analysis: Analysis, report: Report): string {
  const sections = report.sections.map(
    (section) =>
      `<h2>${escaped(headingOf(report, section))}</h2>\n${tablesOf(section, true).map(tableOf).join('\n')}`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(`glompo bench: ${report.suite}`)}</title>
<style>${STYLE}</style>
<h1>${escaped(report.suite)}</h1>
<ul>${entrantLines(report)
    .map((entrant) => `<li>${escaped(entrant)}</li>`)
    .join('')}</ul>
${svgOf(analysis)}
${sections.join('\n')}
</html>
`;
}

function tableOf({ title, head, rows }: TextTable): string {
  return `<table><caption>${escaped(title)}</caption>
<thead>${rowOf(head, 'th')}</thead>
<tbody>
${rows.map((cells) => rowOf(cells, 'td')).join('\n')}
</tbody></table>`;
}

function rowOf(cells: readonly string[], tag: string): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
}
