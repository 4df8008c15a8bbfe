import type { Bounds } from './contract.ts';

/** Where a search stops: nearer than this the value of a smooth function does not change. */
const SMALLEST_STEP = 1e-10;

/**
 * The lowest of the minima that compass search finds from `starts`, within the bounds: for minima that are known but for their digits.
 *
 * @param step of the first moves, in the unit of the parameters
 */
export function polished(
  f: (x: Float64Array) => number,
  bounds: readonly Bounds[],
  starts: readonly Float64Array[],
  step: number,
): { readonly x: Float64Array; readonly fx: number } {
  const found = starts.map((start) => descend(f, bounds, start, step));
  return found.reduce((best, one) => (one.fx < best.fx ? one : best));
}

function descend(
  f: (x: Float64Array) => number,
  bounds: readonly Bounds[],
  start: Float64Array,
  firstStep: number,
): { readonly x: Float64Array; readonly fx: number } {
  const x = start.slice();
  let fx = f(x);
  for (let step = firstStep; step > SMALLEST_STEP;) {
    let moved = false;
    for (let i = 0; i < x.length; i++)
      for (const move of [step, -step]) {
        const before = x[i]!;
        x[i] = Math.min(bounds[i]!.max, Math.max(bounds[i]!.min, before + move));
        const value = f(x);
        if (value < fx) {
          fx = value;
          moved = true;
        } else x[i] = before;
      }
    if (!moved) step /= 2;
  }
  return { x, fx };
}
