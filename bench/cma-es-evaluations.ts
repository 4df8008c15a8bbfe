/**
 * How many evaluations CMA-ES needs to reach 1e-8, beside pycma: `node bench/cma-es-evaluations.ts` writes cma-es-evaluations.md.
 *
 * pycma ran without bounds; here the domain [-10, 10]^n is the unit box.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { RandomStream } from '../src/core/random.ts';
import { cmaEs } from '../src/optimizers/cma-es.ts';

interface Row {
  readonly function: string;
  readonly dimension: number;
  readonly x0: number;
  readonly sigma0: number;
  readonly popsize: number;
  readonly target: number;
  readonly seeds: number;
  readonly reached: number;
  readonly meanEvaluations: number;
  readonly sdEvaluations: number;
}

const LOW = -10;
const WIDTH = 20;
const SEED = 1;

const functions: Record<string, (x: Float64Array) => number> = {
  sphere: (x) => x.reduce((sum, value) => sum + value * value, 0),
  ellipsoid: (x) => x.reduce((sum, value, i) => sum + 10 ** ((6 * i) / (x.length - 1)) * value * value, 0),
  cigar: (x) => x.reduce((sum, value, i) => sum + (i === 0 ? 1 : 1e6) * value * value, 0),
  rosenbrock: (x) =>
    x.subarray(1).reduce((sum, next, i) => sum + 100 * (next - x[i]! * x[i]!) ** 2 + (1 - x[i]!) ** 2, 0),
};

/** Evaluations up to and with the first one that reaches the target; `undefined` when a stop criterion ends the run before. */
function evaluationsToTarget(row: Row, seed: number): number | undefined {
  const f = functions[row.function.split(':')[0]!]!;
  const optimizer = cmaEs.create(
    { populationSize: row.popsize, sigma0: row.sigma0 / WIDTH },
    {
      dimension: row.dimension,
      start: new Float64Array(row.dimension).fill((row.x0 - LOW) / WIDTH),
      random: RandomStream.at(seed, 'optimizer/cma-es'),
      steps: Array.from({ length: row.dimension }, () => 0),
    },
  );
  while (!optimizer.stopReason) {
    const answers = optimizer
      .ask(optimizer.batchSize)
      .map(({ id, x }) => ({ id, x, fx: f(x.map((value) => LOW + WIDTH * value)) }));
    const hit = answers.find(({ fx }) => fx <= row.target);
    if (hit) return hit.id;
    optimizer.tell(answers);
  }
  return undefined;
}

const here = import.meta.dirname;
const reference = JSON.parse(readFileSync(`${here}/reference/pycma-evaluations.json`, 'utf8')) as {
  readonly about: string;
  readonly rows: readonly Row[];
};

const rows = reference.rows.map((row) => {
  const runs = Array.from({ length: row.seeds }, (_, i) => evaluationsToTarget(row, SEED + i));
  const hits = runs.filter((evaluations) => evaluations !== undefined);
  const mean = hits.reduce((sum, evaluations) => sum + evaluations, 0) / hits.length;
  const sd = Math.sqrt(hits.reduce((sum, evaluations) => sum + (evaluations - mean) ** 2, 0) / hits.length);
  return [
    row.function.split(':')[0]!,
    String(row.dimension),
    String(row.popsize),
    `${row.meanEvaluations.toFixed(0)} ± ${row.sdEvaluations.toFixed(0)}`,
    `${mean.toFixed(0)} ± ${sd.toFixed(0)}`,
    (mean / row.meanEvaluations).toFixed(3),
    `${row.reached}/${row.seeds}`,
    `${hits.length}/${row.seeds}`,
  ];
});

/** A Markdown table as the formatter would write it: the first column to the left, the others to the right. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, rule, ...body].map(line).join('\n');
}

const head = [
  'function',
  'dimension',
  'population',
  'pycma mean ± sd',
  'our mean ± sd',
  'ratio',
  'pycma reached',
  'we reached',
];

const report = `# Evaluations that CMA-ES needs, beside pycma

Written by \`node bench/cma-es-evaluations.ts\`; do not edit.

${reference.about}.

Ours: the same start, step size (${WIDTH} is the width of the box) and population size, otherwise default options, seeds ${SEED} to ${SEED + 19}. Means
and standard deviations are over the runs that reached f <= 1e-8, counted up to and with the first such candidate in the order of asking.

${table(head, rows)}
`;
writeFileSync(`${here}/cma-es-evaluations.md`, report);
process.stdout.write(report);
