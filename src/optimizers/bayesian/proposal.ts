import type { RandomStream } from '../../core/random.ts';
import { power } from '../../core/power.ts';
import { minimize } from '../quasi-newton/minimize.ts';
import { logExpectedImprovement, negativeLogImprovement } from './expected-improvement.ts';
import type { Hyperparameters } from './kernel.ts';
import { GaussianProcess } from './process.ts';

/** Points that are looked at before the best of them are improved, for each coordinate, and at most. */
const [SCREENED, MOST_SCREENED] = [40, 400];
const FIRST_STEP = 0.02;
const ITERATIONS = 40;

/** What is known when a point is to be chosen. */
export interface Knowledge {
  readonly points: readonly Float64Array[];
  /** In units of their standard deviation, about their mean. */
  readonly values: Float64Array;
  /** Points that are being evaluated. */
  readonly pending: readonly Float64Array[];
  readonly hyper: Hyperparameters;
}

/**
 * The point where the expected improvement is greatest, as if points that are out had the value that is expected of them: the kriging believer. It is
 * sought from the best of many points, half of them anywhere, half about the best known.
 *
 * @param starts so many of the best are improved
 * @see Ginsbourger, Le Riche, Carraro (2010), Kriging is well-suited to parallelize optimization, section 4.2
 */
export function propose(known: Knowledge, starts: number, random: RandomStream): Float64Array {
  const { points, values, pending, hyper } = known;
  const certain = new GaussianProcess(points, values, hyper);
  const believed = Float64Array.of(...values, ...pending.map((x) => certain.mean(x)));
  const all = [...points, ...pending];
  const process = pending.length > 0 ? new GaussianProcess(all, believed, hyper) : certain;
  // Of the expected values: with noise the least one that was told may be mere luck.
  const expected = all.map((x) => process.mean(x));
  const at = expected.reduce((least, value, j) => (value < expected[least]! ? j : least), 0);
  const best = expected[at]!;
  const screened = screen(all[at]!, hyper, random)
    .map((x) => ({ x, value: -logExpectedImprovement(process, best, x) }))
    .toSorted((a, b) => a.value - b.value);
  const n = all[at]!.length;
  const bounds = { low: new Float64Array(n), high: new Float64Array(n).fill(1) };
  const improved = screened
    .slice(0, starts)
    .map(({ x }) =>
      minimize((one) => negativeLogImprovement(process, best, one), x, bounds, FIRST_STEP, ITERATIONS),
    );
  return [...improved, screened[0]!].reduce((a, b) => (b.value < a.value ? b : a)).x;
}

/** Half of them uniform in the box, half normal about the best, as wide as 1 to 1e-4 of the lengths. */
function screen(best: Float64Array, { lengths }: Hyperparameters, random: RandomStream): Float64Array[] {
  const count = Math.min(MOST_SCREENED, SCREENED * best.length);
  return Array.from({ length: count }, (_, k) => {
    if (k % 2 === 0) return best.map(() => random.uniform());
    const width = power(10, -4 * random.uniform());
    return best.map((value, i) =>
      Math.min(1, Math.max(0, value + width * Math.min(0.3, lengths[i]!) * random.normal())),
    );
  });
}
