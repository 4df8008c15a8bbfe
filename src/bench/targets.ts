import type { PastEvaluation } from '../log/contract.ts';
import type { Outcome, Yardstick } from './problem.ts';

/**
 * 10^2, 10^1.8, …, 10^-8, all differences from the optimum.
 *
 * @see Hansen et al. (2022), Anytime performance assessment in blackbox optimization benchmarking, IEEE Trans. Evol. Comput. 26:1293
 */
export const TARGETS: readonly number[] = Array.from({ length: 51 }, (_, k) => 10 ** (2 - 0.2 * k));
export const LAST_TARGET: number = TARGETS.at(-1)!;

/** What evaluations in the order of the log reached, and when. */
export function readHits(
  evaluations: Iterable<PastEvaluation>,
  { optimum, scale, precision }: Yardstick,
): Pick<Outcome, 'best' | 'evaluations' | 'hits'> {
  const hits: number[] = [];
  let best = Infinity;
  let count = 0;
  for (const { fx, isCounted, violation } of evaluations) {
    if (isCounted) count++;
    if (!(violation === 0 && (fx - optimum) / scale < best)) continue;
    best = (fx - optimum) / scale;
    while (hits.length < TARGETS.length && best <= Math.max(TARGETS[hits.length]!, precision))
      hits.push(count);
  }
  return {
    best: best === Infinity ? null : best,
    evaluations: count,
    hits: TARGETS.map((_, k) => hits[k] ?? null),
  };
}
