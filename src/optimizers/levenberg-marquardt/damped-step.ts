import { solveLeastSquares } from '../math/least-squares.ts';

/** A step, and by how much the linear model says that it lowers the sum of squares. */
export interface DampedStep {
  readonly step: Float64Array;
  readonly gain: number;
}

/**
 * The step s that solves min |r + J s|^2 + lambda |D s|^2 in the box: coordinates that it would drive out of it are held at their bound, one
 * after the other.
 *
 * @param jacobian column-major: the column of coordinate i begins at i * r.length
 * @param scale the diagonal of D, > 0
 * @returns `undefined` when no coordinate can move downhill
 * @see Moré (1978), The Levenberg-Marquardt algorithm: implementation and theory, LNM 630, 105; eq. 3.4
 */
export function dampedStep(
  x: Float64Array,
  r: Float64Array,
  jacobian: Float64Array,
  scale: Float64Array,
  lambda: number,
): DampedStep | undefined {
  const [n, m] = [x.length, r.length];
  const step = new Float64Array(n);
  const held = new Uint8Array(n);
  // r with the steps of the held coordinates in it.
  const moved = r.slice();
  for (let round = 0; round <= n; round++) {
    const free: number[] = [];
    for (let i = 0; i < n; i++) if (!held[i]) free.push(i);
    if (free.length === 0) break;
    const solved = solveDamped(moved, jacobian, scale, lambda, free);
    if (!solved) return undefined;
    const leaving = free.findIndex((i, k) => {
      const to = x[i]! + solved[k]!;
      return to < 0 || to > 1;
    });
    if (leaving < 0) {
      for (const [k, i] of free.entries()) step[i] = solved[k]!;
      break;
    }
    for (const [k, i] of free.entries()) {
      const to = x[i]! + solved[k]!;
      if (to >= 0 && to <= 1) continue;
      held[i] = 1;
      step[i] = (to < 0 ? 0 : 1) - x[i]!;
      for (let row = 0; row < m; row++) moved[row] = moved[row]! + jacobian[i * m + row]! * step[i];
    }
  }
  const after = r.slice();
  for (let i = 0; i < n; i++)
    for (let row = 0; row < m; row++) after[row] = after[row]! + jacobian[i * m + row]! * step[i]!;
  const gain = square(r) - square(after);
  return gain > 0 ? { step, gain } : undefined;
}

function solveDamped(
  r: Float64Array,
  jacobian: Float64Array,
  scale: Float64Array,
  lambda: number,
  free: readonly number[],
): Float64Array | undefined {
  const m = r.length;
  const rows = m + free.length;
  const a = new Float64Array(rows * free.length);
  const b = new Float64Array(rows);
  for (let row = 0; row < m; row++) b[row] = -r[row]!;
  const root = Math.sqrt(lambda);
  for (const [k, i] of free.entries()) {
    a.set(jacobian.subarray(i * m, (i + 1) * m), k * rows);
    a[k * rows + m + k] = root * scale[i]!;
  }
  return solveLeastSquares(a, rows, free.length, b);
}

export function square(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
