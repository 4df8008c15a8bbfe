import { options } from '../core/options.ts';
import { RandomStream } from '../core/random.ts';
import type { OptimizerComponent } from './contract.ts';
import { Sampling, type Sequence } from './sampling.ts';

/** What may be written under `grid`. */
export interface GridOptions {
  /**
   * Values of each parameter, evenly over its range with both bounds among them; of an integer at most as many as it has.
   *
   * @default 10
   */
  readonly pointsPerAxis?: number;
}

/**
 * All combinations of a few values of each parameter, in an order that spreads over the box: whoever stops early has seen a bit of
 * everything.
 */
export const grid: OptimizerComponent<GridOptions> = {
  name: 'grid',
  summary:
    'all combinations of a few values of each parameter: for a handful of parameters, and for integers',
  options: options({
    pointsPerAxis: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 10,
      description:
        'Values of each parameter, evenly over its range with both bounds; of an integer at most as many as it has.',
    },
  }),
  create: ({ pointsPerAxis = 10 }, context) =>
    new Sampling(
      {
        type: 'grid',
        version: 2,
        batchSize: 1,
        sequence: (seed) => gridOf(context.steps, pointsPerAxis, seed),
      },
      context,
    ),
};

/**
 * Point k is place `(first + k stride) mod total` of the grid in lexicographic order. The stride has no factor in common with the total,
 * so no place is missed or visited twice; it is near the golden section of the total, so that places in a row lie far apart.
 */
function gridOf(steps: readonly number[], pointsPerAxis: number, seed: number): Sequence {
  const counts = steps.map((values) => (values > 0 ? Math.min(values, pointsPerAxis) : pointsPerAxis));
  // Grids of many parameters have more points than a number can count.
  const total = counts.reduce((product, count) => product * BigInt(count), 1n);
  const random = RandomStream.at(seed, 'optimizer/grid');
  const first = fraction(random.uniform(), total);
  let stride = fraction(0.618 + 1e-4 * random.uniform(), total);
  while (greatestCommonDivisor(stride, total) !== 1n) stride++;
  return {
    length: Number(total),
    point(index) {
      let place = (first + BigInt(index) * stride) % total;
      const point = new Float64Array(steps.length);
      for (let i = steps.length - 1; i >= 0; i--) {
        const count = BigInt(counts[i]!);
        point[i] = valueAt(Number(place % count), counts[i]!, steps[i]!);
        place /= count;
      }
      return point;
    },
  };
}

/** Value `at` of `count`; of an integer with `values` values the middle of a cell of the unit interval. */
function valueAt(at: number, count: number, values: number): number {
  const share = count > 1 ? at / (count - 1) : 0.5;
  return values > 0 ? (Math.round(share * (values - 1)) + 0.5) / values : share;
}

function fraction(share: number, total: bigint): bigint {
  return (total * BigInt(Math.floor(share * 2 ** 53))) / 2n ** 53n;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [greater, less] = [a, b];
  while (less > 0n) [greater, less] = [less, greater % less];
  return greater;
}
