import { taskText } from './config-text.ts';
import { escaped } from './escape.ts';
import type { Material } from './material.ts';
import { colourRules } from './paint.ts';
import type { Plot } from './plots.ts';
import { STYLE } from './style.ts';
import { summaryOf } from './summary.ts';
import {
  bestTable,
  eventsTable,
  figuresTable,
  killsTable,
  minimaTable,
  optimizersTable,
  versionsTable,
} from './tables.ts';
import { moment } from '../story/words.ts';

/** Nothing is loaded from anywhere, and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The report as one page that needs nothing else: no network, no scripts.
 *
 * @param settings the configuration as resolved, as text
 * @param at when it is written, milliseconds since the Unix epoch
 */
export function reportPage(material: Material, plots: readonly Plot[], settings: string, at: number): string {
  const { picture } = material;
  const title = `Report of ${taskText(picture.facts.config['task'])}`;
  const figures = plots.map(
    ({ name, title: heading, caption, svg }) => `<figure id="${name}">
<h3>${escaped(heading)}</h3>
<div class="wide" tabindex="0" role="region" aria-label="${escaped(heading)}">${svg}</div>
<figcaption>${escaped(caption)}</figcaption>
</figure>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="glompo ${escaped(picture.facts.versions.glompo)}">
<title>${escaped(title)}</title>
<style>
${colourRules()}
${STYLE}
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="soft">Written by glompo on ${moment(at)}, of the run in ${escaped(picture.facts.directory)}</p>
<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
<div class="summary">${summaryOf(material)
    .split('\n\n')
    .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
    .join('\n')}</div>
${bestTable(material)}
${figuresTable(material)}
${minimaTable(material)}
</section>
<section aria-labelledby="plots">
<h2 id="plots">Plots</h2>
${figures.join('\n')}
</section>
<section aria-labelledby="optimizers">
<h2 id="optimizers">Optimizers and events</h2>
${optimizersTable(material) || '<p>No optimizer was started.</p>'}
${killsTable(material)}
${eventsTable(material)}
</section>
<section aria-labelledby="settings">
<h2 id="settings">Settings and versions</h2>
<pre class="wide" tabindex="0" role="region" aria-label="Settings">${escaped(settings)}</pre>
${versionsTable(material)}
</section>
</main>
</body>
</html>
`;
}
