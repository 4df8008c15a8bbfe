/**
 * What Bayesian optimization finds in few evaluations, beside other optimizers, and its own time: `node bench/bayesian.ts` writes the tables under
 * "Measured" in docs/optimizers/bayesian.md.
 *
 * Starts drawn anywhere in the box; minima in the centre of the box are moved away from it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { RandomStream } from '../src/core/random.ts';
import type { Optimizer } from '../src/optimizers/contract.ts';
import { optimizers } from '../src/optimizers/registry.ts';
import { benchmarks } from '../src/tasks/benchmarks/registry.ts';

type Objective = (x: Float64Array) => number;

const SEEDS = 7;
const COUNTS = [25, 50, 100, 200];
const NAMES = ['bayesian', 'cma-es', 'bobyqa', 'shade'];
const CASES = [
  ['sphere', 5],
  ['rosenbrock', 5],
  ['ackley', 5],
  ['rastrigin', 2],
  ['levy', 5],
  ['sphere', 20],
] as const;
const CENTRED = new Set(['sphere', 'rastrigin', 'ackley']);

function make(name: string, dimension: number, seed: number): Optimizer {
  const places = RandomStream.at(seed, 'bench/start');
  return optimizers.get(name).create({} as never, {
    dimension,
    start: Float64Array.from({ length: dimension }, () => places.uniform()),
    random: RandomStream.at(seed, 'bench/optimizer'),
    steps: Array.from({ length: dimension }, () => 0),
  });
}

/** A benchmark as a function of the unit box. */
function objective(name: string, dimension: number, seed: number): Objective {
  const { bounds: domain, evaluate } = benchmarks.get(name).create({ dimension } as never);
  const random = RandomStream.at(seed, 'bench/moved');
  const moved = domain.map(() => (CENTRED.has(name) ? 0.2 * random.uniform() - 0.1 : 0));
  return (x) =>
    evaluate(x.map((u, i) => domain[i]!.min + (domain[i]!.max - domain[i]!.min) * (u - moved[i]!)));
}

/** The least value after each of the counts. */
function bests(optimizer: Optimizer, f: Objective): readonly number[] {
  const found: number[] = [];
  let least = Infinity;
  for (let count = 0; count < COUNTS.at(-1)!;) {
    const asked = optimizer.ask(optimizer.batchSize);
    if (asked.length === 0) break;
    optimizer.tell(
      asked.map((candidate) => {
        const fx = f(candidate.x);
        least = Math.min(least, fx);
        if (COUNTS.includes(++count)) found.push(least);
        return { ...candidate, fx };
      }),
    );
  }
  while (found.length < COUNTS.length) found.push(least);
  return found;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const figure = (value: number): string => String(Number(value.toPrecision(2)));

/** Milliseconds for a point when so many are known, over the ten from there on. */
function cost(dimension: number): string {
  const optimizer = make('bayesian', dimension, 1);
  const f = objective('rosenbrock', dimension, 1);
  const cells: string[] = [];
  let time = 0;
  for (let count = 1; count <= 290; count++) {
    const from = performance.now();
    const [candidate] = optimizer.ask(1);
    time += performance.now() - from;
    optimizer.tell([{ ...candidate!, fx: f(candidate!.x) }]);
    if ([50, 100, 200, 280].includes(count)) time = 0;
    if ([60, 110, 210, 290].includes(count)) cells.push(figure(time / 10));
  }
  return `| ${dimension} | ${cells.join(' | ')} |`;
}

const costs = [2, 5, 20].map(cost);
const values = CASES.flatMap(([f, n]) =>
  NAMES.map((name) => {
    const all = Array.from({ length: SEEDS }, (_, i) => bests(make(name, n, i + 1), objective(f, n, i + 1)));
    return `| ${f} | ${n} | ${name} | ${COUNTS.map((_, k) => figure(median(all.map((one) => one[k]!)))).join(' | ')} |`;
  }),
);
const text = [
  'Time for a point in ms, when so many are known:',
  '',
  '| dimension | 50 | 100 | 200 | 280 |',
  '| ---: | ---: | ---: | ---: | ---: |',
  ...costs,
  '',
  `Least value after so many evaluations, median of ${SEEDS} seeds:`,
  '',
  `| function | dimension | optimizer | ${COUNTS.join(' | ')} |`,
  '| --- | ---: | --- | ---: | ---: | ---: | ---: |',
  ...values,
].join('\n');
console.log(text);
const file = `${import.meta.dirname}/../docs/optimizers/bayesian.md`;
const marks = /(?<=<!-- by bench\/bayesian\.ts -->\n)[^]*?(?=<!-- end -->)/;
writeFileSync(file, readFileSync(file, 'utf8').replace(marks, `\n${text}\n\n`));
