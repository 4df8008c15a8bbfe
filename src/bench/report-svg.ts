import { scaleLinear, scaleLog } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import type { Analysis, Section } from './analysis.ts';
import { type CurvePoint, distributionOf } from './curves.ts';

const PANEL = { width: 380, height: 300, left: 46, right: 12, top: 30, bottom: 42 } as const;
const LEGEND_LINE = 18;
/** Colours that people with any colour vision tell apart (Okabe & Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** Distributions of targets reached over evaluations, a panel a section, side by side, as one picture. */
export function svgOf({ suite, sections, entrants }: Analysis): string {
  const names = entrants.map(({ name }) => name);
  const width = PANEL.width * sections.length;
  const height = PANEL.height + LEGEND_LINE * names.length + 8;
  const legend = names.map((name, i) => {
    const y = PANEL.height + LEGEND_LINE * (i + 0.5);
    return `<path d="M${PANEL.left} ${y}h24" stroke="${colourOf(i)}" stroke-width="2"${dashOf(i)}/><text x="${PANEL.left + 32}" y="${y + 4}">${escaped(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...sections.map(
      (section, i) =>
        `<g transform="translate(${i * PANEL.width} 0)">${panelOf(suite.name, section, names)}</g>`,
    ),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

function panelOf(suite: string, { dimension, entrants }: Section, names: readonly string[]): string {
  const curves = entrants.map(({ name, scores }) => ({
    index: names.indexOf(name),
    points: distributionOf(scores),
  }));
  const most = Math.max(10, ...curves.map(({ points }) => points.at(-1)!.evaluations));
  const x = scaleLog([1, most], [PANEL.left, PANEL.width - PANEL.right]);
  const y = scaleLinear([0, 1], [PANEL.height - PANEL.bottom, PANEL.top]);
  const path = line<CurvePoint>(
    ({ evaluations }) => x(evaluations),
    ({ share }) => y(share),
  )
    .curve(curveStepAfter)
    .digits(2);
  const [bottom, right] = [y(0), PANEL.width - PANEL.right];
  const powers = x.ticks().filter((tick) => Number.isInteger(Math.log10(tick)));
  return [
    ...y
      .ticks(5)
      .map(
        (tick) =>
          `<path d="M${PANEL.left} ${y(tick)}H${right}" stroke="#ddd"/><text x="${PANEL.left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
      ),
    ...powers.map(
      (tick) =>
        `<path d="M${x(tick)} ${bottom}V${PANEL.top}" stroke="#ddd"/><text x="${x(tick)}" y="${bottom + 15}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${(PANEL.left + right) / 2}" y="18" text-anchor="middle" font-weight="bold">${escaped(suite)}, ${dimension === null ? 'all dimensions' : `${dimension}-D`}</text>`,
    `<text x="${(PANEL.left + right) / 2}" y="${bottom + 32}" text-anchor="middle">evaluations</text>`,
    `<text transform="translate(12 ${(PANEL.top + bottom) / 2}) rotate(-90)" text-anchor="middle">problems and targets reached</text>`,
    ...curves.map(
      ({ index, points }) =>
        `<path d="${path(points) ?? ''}" fill="none" stroke="${colourOf(index)}" stroke-width="1.8"${dashOf(index)}/>`,
    ),
  ].join('');
}

/** When colours come round again, lines are dashed. */
function dashOf(index: number): string {
  const round = Math.floor(index / COLOURS.length);
  return round === 0 ? '' : ` stroke-dasharray="${2 + 2 * round} 3"`;
}

/** Names are those of files, which may be called anything. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
