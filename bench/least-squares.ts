/**
 * Least-squares optimizers with and without noise: `node bench/least-squares.ts` writes the second table under "Measured" in
 * docs/optimizers/dfo-ls.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { RandomStream } from '../src/core/random.ts';
import { optimizers } from '../src/optimizers/registry.ts';

/** What was measured and a model of it, on the unit box, with the least sum of squares. */
interface Fit {
  readonly n: number;
  readonly data: Float64Array;
  readonly least: number;
  readonly model: (x: Float64Array) => Float64Array;
}

const SEEDS = 15;
const NAMES = ['dfo-ls', 'levenberg-marquardt'];
const times = Array.from({ length: 20 }, (_, t) => t);

const FITS: Readonly<Record<string, Fit>> = {
  'a decay, exact': {
    n: 2,
    data: Float64Array.from(times, (t) => 4 * Math.exp(-0.3 * t)),
    least: 0,
    model: ([a, b]) => Float64Array.from(times, (t) => 10 * a! * Math.exp(-b! * t)),
  },
  'a decay on a background': {
    n: 3,
    data: Float64Array.from(times, (t) => 4 * Math.exp(-0.3 * t) + 1 + 0.1 * Math.sin(37 * t)),
    least: 0.08641777,
    model: ([a, b, c]) => Float64Array.from(times, (t) => 10 * a! * Math.exp(-b! * t) + 3 * c!),
  },
  "Rosenbrock's, 8 parameters": {
    n: 8,
    data: Float64Array.from({ length: 14 }, (_, k) => (k % 2 === 0 ? 0 : 1)),
    least: 0,
    model: (x) =>
      Float64Array.from({ length: 14 }, (_, k) => {
        const [u, v] = [4 * x[k >> 1]! - 2, 4 * x[(k >> 1) + 1]! - 2];
        return k % 2 === 0 ? 10 * (v - u * u) : u;
      }),
  },
};

const sumOf = (r: Float64Array): number => r.reduce((sum, value) => sum + value * value, 0);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

interface Outcome {
  /** Evaluations to the least value. */
  readonly hitAt: number | undefined;
  readonly evaluations: number;
  /** Without noise, at the point that seemed best. */
  readonly value: number;
}

function run(name: string, { n, data, least, model }: Fit, noise: number, seed: number): Outcome {
  const places = RandomStream.at(seed, 'bench/start');
  const optimizer = optimizers.get(name).create({} as never, {
    dimension: n,
    start: Float64Array.from({ length: n }, () => places.uniform()),
    random: RandomStream.at(seed, 'bench/optimizer'),
    steps: Array.from({ length: n }, () => 0),
  });
  const target = Math.max(1e-16, least * (1 + 1e-6));
  let [evaluations, best, value]: [number, number, number] = [0, Infinity, Infinity];
  let hitAt: number | undefined;
  while (evaluations < 2000) {
    const asked = optimizer.ask(optimizer.batchSize);
    if (asked.length === 0) break;
    for (const candidate of asked) {
      evaluations++;
      const random = RandomStream.at(seed, 'bench/noise', candidate.id);
      const exact = model(candidate.x);
      const residuals = exact.map((y, k) => y * (1 + noise * random.normal()) - data[k]!);
      const fx = sumOf(residuals);
      if (fx < best) [best, value] = [fx, sumOf(exact.map((y, k) => y - data[k]!))];
      if (fx <= target) hitAt ??= evaluations;
      optimizer.tell([{ ...candidate, fx, residuals }]);
    }
  }
  return { hitAt, evaluations, value };
}

const rows = Object.entries(FITS).flatMap(([label, fit]) =>
  NAMES.map((name) => {
    const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1);
    const exact = seeds.map((seed) => run(name, fit, 0, seed));
    const noisy = seeds.map((seed) => run(name, fit, 0.01, seed));
    const hits = exact.flatMap(({ hitAt }) => hitAt ?? []);
    const value = median(noisy.map((one) => one.value - fit.least)).toPrecision(2);
    return `| ${label} | ${name} | ${median(hits)} | ${hits.length}/${SEEDS} | ${Number(value)} | ${median(noisy.map((one) => one.evaluations))} |`;
  }),
);
const text = [
  '| fit | optimizer | evaluations without noise | reached | with 1 % noise: above the least value | evaluations |',
  '| --- | --- | ---: | ---: | ---: | ---: |',
  ...rows,
].join('\n');
console.log(text);
const file = `${import.meta.dirname}/../docs/optimizers/dfo-ls.md`;
const marks = /(?<=<!-- by bench\/least-squares\.ts -->\n)[^]*?(?=<!-- end -->)/;
writeFileSync(file, readFileSync(file, 'utf8').replace(marks, `\n${text}\n\n`));
