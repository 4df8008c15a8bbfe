/**
 * Evaluations that each optimizer needs to reach 1e-8, and its own time an evaluation: `node bench/optimizers.ts [NAME]...` writes the
 * tables under "Measured" in docs/optimizers/NAME.md.
 *
 * Default options; starts drawn anywhere in the box. The minima of sphere, rastrigin and ackley are moved away from the centre of the
 * box by up to a tenth of its width in each coordinate: the centre is too easy for methods that look there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { RandomStream } from '../src/core/random.ts';
import type { Optimizer } from '../src/optimizers/contract.ts';
import { optimizers } from '../src/optimizers/registry.ts';
import { benchmarks } from '../src/tasks/benchmarks/registry.ts';

const SEEDS = 15;
const TARGET = 1e-8;
const DIMENSIONS = [5, 20];
/** Of evaluations, for each dimension. */
const LIMIT = 5000;
const FUNCTIONS = ['sphere', 'rosenbrock', 'rastrigin', 'ackley', 'schwefel'];
/** They sample, whatever the values, or need residuals, which not all of these functions have: here is only what they cost. */
const COST_ONLY = new Set([
  'random',
  'sobol',
  'latin-hypercube',
  'grid',
  'repeat',
  'levenberg-marquardt',
  'dfo-ls',
  'bayesian',
]);
/** Done before they come so far, by default, and too slow to be asked for more here; their pages say what they reach. */
const ELSEWHERE = ['bayesian'];
const CENTRED = new Set(['sphere', 'rastrigin', 'ackley']);

function make(name: string, dimension: number, seed: number): Optimizer {
  const places = RandomStream.at(seed, 'bench/start');
  const { properties } = optimizers.get(name).options;
  const options = Object.fromEntries(
    Object.entries(properties).flatMap(([key, schema]) =>
      schema.default === undefined ? [] : [[key, schema.default]],
    ),
  );
  return optimizers.get(name).create(options as never, {
    dimension,
    start: Float64Array.from({ length: dimension }, () => places.uniform()),
    random: RandomStream.at(seed, 'bench/optimizer'),
    steps: Array.from({ length: dimension }, () => 0),
  });
}

/** A benchmark as a function of the unit box. */
function objective(name: string, dimension: number, seed: number): (x: Float64Array) => number {
  const { bounds: domain, evaluate } = benchmarks.get(name).create({ dimension } as never);
  const random = RandomStream.at(seed, 'bench/moved');
  const moved = domain.map(() => (CENTRED.has(name) ? 0.2 * random.uniform() - 0.1 : 0));
  return (x) =>
    evaluate(x.map((u, i) => domain[i]!.min + (domain[i]!.max - domain[i]!.min) * (u - moved[i]!)));
}

interface Outcome {
  readonly hitAt: number | undefined;
  readonly evaluations: number;
  readonly best: number;
  readonly stop: string;
}

function run(optimizer: Optimizer, f: (x: Float64Array) => number, limit: number): Outcome {
  let evaluations = 0;
  let best = Infinity;
  while (evaluations < limit) {
    const asked = optimizer.ask(optimizer.batchSize);
    if (asked.length === 0) break;
    const answers = asked.map(({ id, x }) => ({ id, x, fx: f(x) }));
    for (const { fx } of answers) {
      evaluations++;
      if (fx < best) best = fx;
      if (fx <= TARGET) return { hitAt: evaluations, evaluations, best, stop: 'target' };
    }
    optimizer.tell(answers);
  }
  return { hitAt: undefined, evaluations, best, stop: optimizer.stopReason?.kind ?? 'limit' };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Microseconds of `ask` and `tell` an evaluation, at 20 dimensions on a function that costs nothing. */
function cost(name: string): number {
  const times: number[] = [];
  for (let seed = 1; seed <= 5; seed++) {
    const optimizer = make(name, 20, seed);
    let count = 0;
    const start = performance.now();
    while (count < 20_000) {
      const asked = optimizer.ask(optimizer.batchSize);
      if (asked.length === 0) break;
      optimizer.tell(
        asked.map(({ id, x }) => {
          const residuals = x.map((u) => u - 0.3);
          return { id, x, fx: residuals.reduce((sum, r) => sum + r * r, 0), residuals };
        }),
      );
      count += asked.length;
    }
    times.push(((performance.now() - start) * 1000) / count);
  }
  return Math.min(...times);
}

interface Result {
  readonly name: string;
  readonly f: string;
  readonly dimension: number;
  readonly outcomes: readonly Outcome[];
}

function measure(name: string): readonly Result[] {
  return DIMENSIONS.flatMap((dimension) =>
    FUNCTIONS.map((f) => ({
      name,
      f,
      dimension,
      outcomes: Array.from({ length: SEEDS }, (_, i) =>
        run(make(name, dimension, i + 1), objective(f, dimension, i + 1), LIMIT * dimension),
      ),
    })),
  );
}

function hitsOf({ outcomes }: Result): readonly number[] {
  return outcomes.flatMap(({ hitAt }) => hitAt ?? []);
}

function rowOf(result: Result): string {
  const hits = hitsOf(result);
  const missed = result.outcomes.filter(({ hitAt }) => hitAt === undefined);
  const count = hits.length > 0 ? String(median(hits)) : '';
  return `| ${result.f} | ${result.dimension} | ${hits.length}/${SEEDS} | ${count} | ${missed.length > 0 ? othersOf(missed) : ''} |`;
}

function othersOf(missed: readonly Outcome[]): string {
  const best = Number(median(missed.map((outcome) => outcome.best)).toPrecision(2));
  const ends = [...new Set(missed.map(({ stop }) => stop))].join(', ');
  return `${best}; ${ends} after ${median(missed.map(({ evaluations }) => evaluations))}`;
}

/** Puts `text` between the marks of a page, if there is one. */
function fill(page: string, text: string): void {
  const file = `${import.meta.dirname}/../docs/optimizers/${page}.md`;
  if (!existsSync(file)) return;
  const marks = /(?<=<!-- by bench\/optimizers\.ts -->\n)[^]*?(?=<!-- end -->)/;
  writeFileSync(file, readFileSync(file, 'utf8').replace(marks, `\n${text}\n\n`));
}

/** One row an optimizer: the medians in 20 dimensions where half of the seeds reached the target. */
function summary(results: readonly Result[]): string {
  const rows = [...Map.groupBy(results, ({ name }) => name)].map(([name, found]) => {
    const cells = FUNCTIONS.map((f) => {
      const hits = found.flatMap((result) =>
        result.f === f && result.dimension === 20 ? hitsOf(result) : [],
      );
      return hits.length > SEEDS / 2 ? median(hits) : '';
    });
    return `| [${name}](${name}.md) | ${cells.join(' | ')} |`;
  });
  return [
    `| optimizer | ${FUNCTIONS.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(FUNCTIONS.length)}`,
    ...[
      ...ELSEWHERE.map((name) => `| [${name}](${name}.md) |${' – |'.repeat(FUNCTIONS.length)}`),
      ...rows,
    ].toSorted(),
  ].join('\n');
}

const named = process.argv.slice(2);
const all: Result[] = [];
for (const name of named.length > 0 ? named : optimizers.names()) {
  const lines = [`Cost of the optimizer itself at 20-D: ${cost(name).toFixed(1)} µs an evaluation.`];
  if (!COST_ONLY.has(name)) {
    const results = measure(name);
    all.push(...results);
    lines.push(
      '',
      '| function | dimension | reached 1e-8 | evaluations, median | the others: best value, median; how they ended |',
      '| --- | ---: | ---: | ---: | --- |',
      ...results.map(rowOf),
    );
  }
  console.log(`${name}\n${lines.join('\n')}\n`);
  fill(name, lines.join('\n'));
}
if (named.length === 0) fill('README', summary(all));
