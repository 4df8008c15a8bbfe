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
const LIMIT = 10_000;
const FUNCTIONS = ['sphere', 'rosenbrock', 'rastrigin', 'ackley', 'schwefel'];
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
  const { bounds, evaluate } = benchmarks.get(name);
  const domain = bounds(dimension);
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
        asked.map(({ id, x }) => ({ id, x, fx: x.reduce((sum, u) => sum + (u - 0.3) ** 2, 0) })),
      );
      count += asked.length;
    }
    times.push(((performance.now() - start) * 1000) / count);
  }
  return median(times);
}

function table(name: string): string {
  const rows = [
    '| function | dimension | reached 1e-8 | evaluations, median | median of the best values of the others, how they ended |',
    '| --- | ---: | ---: | ---: | --- |',
  ];
  for (const dimension of DIMENSIONS)
    for (const f of FUNCTIONS) {
      const outcomes = Array.from({ length: SEEDS }, (_, i) =>
        run(make(name, dimension, i + 1), objective(f, dimension, i + 1), LIMIT * dimension),
      );
      const hits = outcomes.flatMap(({ hitAt }) => hitAt ?? []);
      const missed = outcomes.filter(({ hitAt }) => hitAt === undefined);
      const evaluations = hits.length > 0 ? String(median(hits)) : '';
      const others =
        missed.length === 0
          ? ''
          : `${Number(median(missed.map(({ best }) => best)).toPrecision(2))}, ${[...new Set(missed.map(({ stop }) => stop))].join(', ')} after ${median(missed.map((outcome) => outcome.evaluations))}`;
      rows.push(`| ${f} | ${dimension} | ${hits.length}/${SEEDS} | ${evaluations} | ${others} |`);
    }
  return rows.join('\n');
}

const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : optimizers.names()) {
  const file = `${import.meta.dirname}/../docs/optimizers/${name}.md`;
  const measured = `Cost of the optimizer itself at 20-D: ${cost(name).toFixed(1)} µs an evaluation.\n\n${table(name)}\n`;
  console.log(`${name}\n${measured}`);
  if (!existsSync(file)) continue;
  const page = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    page.replace(/(?<=<!-- by bench\/optimizers\.ts -->\n)[^]*?(?=<!-- end -->)/, `\n${measured}\n`),
  );
}
