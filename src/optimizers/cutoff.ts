import type { Ranked } from '../core/ranking.ts';

/**
 * The value above which a point cannot matter that only matters if it is better than another one, whose rank is known.
 *
 * @param other nothing when there is none yet: then every value matters
 */
export function cutoffBy(other: Ranked | undefined): number {
  // Any feasible value is better than none, and than a violation.
  if (!other || Number.isNaN(other.fx) || (other.violation ?? 0) > 0) return Infinity;
  return other.fx;
}

/** The best that was told so far: to an optimizer that samples, whatever it is told, no value matters; to its run those do that are better. */
export class BestTold {
  value: number = Infinity;

  note(answers: readonly Ranked[]): void {
    for (const { fx, violation = 0 } of answers) if (violation === 0 && fx < this.value) this.value = fx;
  }
}
