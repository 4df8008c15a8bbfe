/** What a value is worth: lower `fx` is better, any violation is worse than none, `NaN` is worst. */
export interface Ranked {
  readonly fx: number;
  /** How far the point is from being feasible; absent or 0 when it is. */
  readonly violation?: number;
}

/** Negative when `a` is better than `b`, positive when worse, 0 when they tie. */
export function compareRanked(a: Ranked, b: Ranked): number {
  const aNaN = Number.isNaN(a.fx);
  const bNaN = Number.isNaN(b.fx);
  if (aNaN || bNaN) return Number(aNaN) - Number(bNaN);
  const aViolation = a.violation ?? 0;
  const bViolation = b.violation ?? 0;
  if (aViolation > 0 || bViolation > 0) {
    if (aViolation !== bViolation) return aViolation - bViolation;
  }
  return a.fx < b.fx ? -1 : a.fx > b.fx ? 1 : 0;
}
