/**
 * Evaluations of the optimizers that keep a model of the function to 1e-8, beside SciPy's: `node bench/model-based.ts [NAME]...` writes
 * the second tables under "Measured" in docs/optimizers/NAME.md. SciPy's figures: `bench/reference/scipy-model-based.py`.
 *
 * Starts drawn anywhere in the box, the same for all.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { RandomStream } from '../src/core/random.ts';
import { optimizers } from '../src/optimizers/registry.ts';

type Objective = (x: Float64Array) => number;

const TARGET = 1e-8;
const SEEDS = 15;

const sphere: Objective = (x) => x.reduce((sum, u) => sum + (u - 0.37) ** 2, 0);
const ellipsoid: Objective = (x) =>
  x.reduce((sum, u, i) => sum + 10 ** ((6 * i) / (x.length - 1)) * (u - 0.4) ** 2, 0);
/** On [-2, 2]^n. */
const rosenbrock: Objective = (x) => {
  let sum = 0;
  for (let i = 1; i < x.length; i++) {
    const [u, v] = [4 * x[i - 1]! - 2, 4 * x[i]! - 2];
    sum += 100 * (v - u * u) ** 2 + (1 - u) ** 2;
  }
  return sum;
};
/** Reflected at a hyperplane across all axes: no coordinate is its own any more. */
const turned: Objective = (x) => {
  const n = x.length;
  const mean = x.reduce((sum, u, i) => sum + (u - 0.4) * Math.sqrt(i + 1), 0);
  const length = (n * (n + 1)) / 2;
  return ellipsoid(x.map((u, i) => u - (2 * mean * Math.sqrt(i + 1)) / length));
};

const FUNCTIONS: Readonly<Record<string, Objective>> = {
  sphere,
  ellipsoid,
  'ellipsoid, turned': turned,
  rosenbrock,
};

const DIMENSIONS: Readonly<Record<string, readonly number[]>> = { bobyqa: [5, 10, 20] };

/** @returns up to and with the first value at the target; `undefined` when there was none */
function evaluations(name: string, f: Objective, n: number, seed: number): number | undefined {
  const places = RandomStream.at(seed, 'bench/start');
  const optimizer = optimizers.get(name).create({} as never, {
    dimension: n,
    start: Float64Array.from({ length: n }, () => places.uniform()),
    random: RandomStream.at(seed, 'bench/optimizer'),
    steps: Array.from({ length: n }, () => 0),
  });
  for (let count = 0; count < 5000 * n;) {
    const asked = optimizer.ask(Math.max(1, optimizer.batchSize));
    if (asked.length === 0) return undefined;
    for (const candidate of asked) {
      count++;
      const fx = f(candidate.x);
      if (fx <= TARGET) return count;
      optimizer.tell([{ ...candidate, fx }]);
    }
  }
  return undefined;
}

interface ScipyRow {
  readonly function: string;
  readonly dimension: number;
  readonly reached: number;
  readonly median: number | null;
}

const { scipy, rows: reference } = JSON.parse(
  readFileSync(`${import.meta.dirname}/reference/scipy-model-based.json`, 'utf8'),
) as { readonly scipy: string; readonly rows: readonly ScipyRow[] };

for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(DIMENSIONS)) {
  const rows = Object.entries(FUNCTIONS).flatMap(([label, f]) =>
    DIMENSIONS[name]!.map((n) => {
      const hits = Array.from({ length: SEEDS }, (_, i) => evaluations(name, f, n, i + 1))
        .flatMap((count) => count ?? [])
        .toSorted((a, b) => a - b);
      const other = reference.find((row) => row.function === label && row.dimension === n);
      const theirs = other ? `${other.median ?? ''} | ${other.reached}/${SEEDS}` : ' | ';
      return `| ${label} | ${n} | ${hits[hits.length >> 1] ?? ''} | ${hits.length}/${SEEDS} | ${theirs} |`;
    }),
  );
  const text = [
    `| function | dimension | evaluations to 1e-8, median | reached | COBYQA of SciPy ${scipy} | reached |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
  console.log(`${name}\n${text}\n`);
  const file = `${import.meta.dirname}/../docs/optimizers/${name}.md`;
  const marks = /(?<=<!-- by bench\/model-based\.ts -->\n)[^]*?(?=<!-- end -->)/;
  writeFileSync(file, readFileSync(file, 'utf8').replace(marks, `\n${text}\n\n`));
}
