import { dot } from './curvature.ts';
import { LimitedCurvature } from './limited-curvature.ts';

/** A value with its gradient. */
export interface Sloped {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

const MEMORY = 8;
const MOST_HALVED = 20;
/** The part of the gain by the slope that a step must bring. */
const SUFFICIENT = 1e-4;

/**
 * A local minimum of a cheap function in a box, by projected L-BFGS steps: for the optimizers' own sub-problems.
 *
 * @param f not finite where it has no value: a step there is halved
 * @param firstStep the longest first step in any coordinate
 * @returns the best point, and the value there
 * @see Bertsekas (1982), Projected Newton methods for optimization problems with simple constraints, SIAM J. Control Optim. 20, 221
 */
export function minimize(
  f: (x: Float64Array) => Sloped,
  start: Float64Array,
  { low, high }: Bounds,
  firstStep: number,
  iterations: number,
): { readonly x: Float64Array; readonly value: number } {
  const n = start.length;
  const into = (x: Float64Array): Float64Array =>
    x.map((value, i) => Math.min(high[i]!, Math.max(low[i]!, value)));
  const curvature = new LimitedCurvature(n, MEMORY);
  let x = into(start);
  let { value, gradient } = f(x);
  const direction = new Float64Array(n);
  for (let round = 0; round < iterations && Number.isFinite(value); round++) {
    const free = Uint8Array.from(gradient, (slope, i) =>
      slope === 0 || (x[i]! <= low[i]! && slope > 0) || (x[i]! >= high[i]! && slope < 0) ? 0 : 1,
    );
    curvature.direction(gradient, free, direction);
    const longest = direction.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    if (!(longest > 0 && longest < Infinity && dot(direction, gradient) < 0)) break;
    let by = curvature.isScaled ? 1 : firstStep / longest;
    let next: Sloped | undefined;
    let at = x;
    for (let halved = 0; halved < MOST_HALVED; halved++, by /= 2) {
      at = into(x.map((one, i) => one + by * direction[i]!));
      const tried = f(at);
      const expected = at.reduce((sum, one, i) => sum + (one - x[i]!) * gradient[i]!, 0);
      if (expected < 0 && tried.value <= value + SUFFICIENT * expected) {
        next = tried;
        break;
      }
    }
    if (!next) break;
    const gained = value - next.value;
    curvature.learn(
      at.map((one, i) => one - x[i]!),
      next.gradient.map((one, i) => one - gradient[i]!),
    );
    [x, value, gradient] = [at, next.value, next.gradient];
    if (gained <= 1e-9 * Math.abs(value)) break;
  }
  return { x, value };
}
