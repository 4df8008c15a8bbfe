/**
 * What CMA-ES makes of noisy values with and without its options for them: `node bench/noise.ts` writes noise.md.
 *
 * Default options otherwise, but `stagnation: false`, so that the budget ends most runs; starts anywhere in the box [-4, 6]^n.
 */
import { writeFileSync } from 'node:fs';
import { RandomStream } from '../src/core/random.ts';
import { cmaEs, type CmaEsOptions } from '../src/optimizers/cma-es.ts';

const DIMENSION = 10;
const LOW = -4;
const WIDTH = 10;
const SEEDS = 11;
const BUDGETS = [20_000, 100_000];

const functions: Readonly<Record<string, (x: Float64Array) => number>> = {
  sphere: (x) => x.reduce((sum, value) => sum + value * value, 0),
  ellipsoid: (x) => x.reduce((sum, value, i) => sum + 10 ** ((6 * i) / (x.length - 1)) * value * value, 0),
};

/** @param z standard normal, a new one each time */
const noises: Readonly<Record<string, (f: number, z: number) => number>> = {
  none: (f) => f,
  'f + N(0, 1)': (f, z) => f + z,
  'f (1 + 0.5 N(0, 1))': (f, z) => f * (1 + 0.5 * z),
  'f (1 + N(0, 1))': (f, z) => f * (1 + z),
};

type Variant = NonNullable<CmaEsOptions['noise']>;

const variants: readonly Variant[] = ['none', 'reevaluate', 'grow'];

interface Outcome {
  readonly distance: number;
  readonly evaluations: number;
  /** Of the last generation. */
  readonly batch: number;
}

const toTask = (u: Float64Array): Float64Array => u.map((value) => LOW + WIDTH * value);

function run(
  f: (x: Float64Array) => number,
  noise: (f: number, z: number) => number,
  variant: Variant,
  budget: number,
  seed: number,
): Outcome {
  const places = RandomStream.at(seed, 'bench/start');
  const normal = RandomStream.at(seed, 'bench/noise');
  const optimizer = cmaEs.create(
    { noise: variant, stagnation: false },
    {
      dimension: DIMENSION,
      start: Float64Array.from({ length: DIMENSION }, () => places.uniform()),
      random: RandomStream.at(seed, 'bench/optimizer'),
      steps: Array.from({ length: DIMENSION }, () => 0),
    },
  );
  let evaluations = 0;
  while (!optimizer.stopReason && evaluations < budget) {
    const asked = optimizer.ask(optimizer.batchSize);
    evaluations += asked.length;
    optimizer.tell(asked.map(({ id, x }) => ({ id, x, fx: noise(f(toTask(x)), normal.normal()) })));
  }
  // The block of a snapshot begins with the first step size, the step size and the mean.
  const mean = toTask(optimizer.snapshot().block.subarray(2, 2 + DIMENSION));
  return { distance: Math.hypot(...mean), evaluations, batch: optimizer.batchSize };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

const figure = (value: number): string => value.toExponential(1).replace('e+0', '');

const rows = BUDGETS.flatMap((budget) =>
  Object.entries(functions).flatMap(([name, f]) =>
    Object.entries(noises).map(([noise, add]) => {
      const cells = variants.map((variant) => {
        const outcomes = Array.from({ length: SEEDS }, (_, i) => run(f, add, variant, budget, i + 1));
        const early = outcomes.filter(({ evaluations }) => evaluations < budget);
        const distance = figure(median(outcomes.map((outcome) => outcome.distance)));
        const end =
          early.length > SEEDS / 2
            ? `, done after ${median(outcomes.map(({ evaluations }) => evaluations))}`
            : '';
        return `${distance}${end} (${median(outcomes.map(({ batch }) => batch))})`;
      });
      return `| ${budget} | ${name} | ${noise} | ${cells.join(' | ')} |`;
    }),
  ),
);

const report = `# CMA-ES on noisy functions

Written by \`node bench/noise.ts\`; do not edit.

${DIMENSION} dimensions, the optimum at 0 in [${LOW}, ${LOW + WIDTH}]^${DIMENSION}, the ellipsoid of condition 1e6. How far the mean of the distribution is from the optimum when the budget
is used up, the median of ${SEEDS} seeds; in brackets evaluations of the last generation. "Done" is where most runs had stopped by themselves before, with \`stagnation: false\`.

| evaluations | function | value | \`noise: none\` | \`noise: reevaluate\` | \`noise: grow\` |
| ---: | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
writeFileSync(`${import.meta.dirname}/noise.md`, report);
process.stdout.write(report);
