import type { RunConfig } from '../config/run-config.ts';
import type { FitFigures } from '../log/figures.ts';
import type { LoggedRun } from '../log/contract.ts';
import { solveLeastSquares } from '../optimizers/math/least-squares.ts';
import type { Space } from '../space/space.ts';
import { isResiduals, type ResidualRule, sumOfSquares, weightedResiduals } from '../tasks/residuals.ts';

/** So many evaluations before and after the best one are looked at. */
const WINDOW = 20_000;
/** The part of a step that must not be along those before it. */
const INDEPENDENT = 0.1;
/** Steps so much longer than the longest one that is needed take part. */
const SLACK = 1.01;

/** A point near the best one: the steps to it in units of the box, and how the residuals changed. */
interface Neighbour {
  readonly step: Float64Array;
  readonly length: number;
  readonly change: Float64Array;
}

/**
 * How well the data of a fit determine its parameters: s^2 (J'J)^-1 at the best point, with the Jacobian J taken from the nearest points that were
 * evaluated and s^2 = sum of squares / (residuals - free parameters). It costs no evaluation.
 *
 * Least-squares optimizers leave central differences around their best point, which give J to some six digits; from the points of others it is
 * as good as they are near.
 *
 * @returns `null` for a task without residuals, with fewer residuals than parameters, or where too few points are near
 * @see Seber and Wild (1989), Nonlinear Regression, section 2.1.2
 */
export function fitFigures(
  { task }: RunConfig,
  log: LoggedRun,
  space: Space,
  best: { readonly callId: number; readonly x: Float64Array } | undefined,
): FitFigures | null {
  const n = space.dimension;
  if (!best || n === 0) return null;
  const { residuals, neighbours } = lookAround(log, space, best, task.residuals);
  if (!residuals || residuals.length <= n) return null;
  const deviation = Math.sqrt(sumOfSquares(residuals) / (residuals.length - n));
  const jacobian = jacobianOf(nearestEnough(neighbours, n), n, residuals.length);
  const errors = jacobian && inverseDiagonal(jacobian, n, residuals.length);
  if (!errors) return { residuals: residuals.length, deviation, standardErrors: null };
  const slopes = space.slopes(space.toUnit(best.x));
  const free = errors.map((error, i) => deviation * Math.sqrt(error) * slopes[i]!);
  let next = 0;
  return {
    residuals: residuals.length,
    deviation,
    standardErrors: space.parameters.map(({ kind }) => (kind === 'free' ? free[next++]! : null)),
  };
}

function lookAround(
  log: LoggedRun,
  space: Space,
  best: { readonly callId: number; readonly x: Float64Array },
  rules: readonly ResidualRule[] | undefined,
): { readonly residuals?: Float64Array; readonly neighbours: readonly Neighbour[] } {
  const found: { readonly x: Float64Array; readonly r: Float64Array; readonly isBest: boolean }[] = [];
  for (const { callId, extras, status, x } of log.evaluations(Math.max(0, best.callId - WINDOW))) {
    if (callId > best.callId + WINDOW) break;
    const logged = extras?.['residuals'];
    if (status !== 'ok' || !isResiduals(logged)) continue;
    found.push({ x: x(), r: weightedResiduals(logged, rules), isBest: callId === best.callId });
  }
  const centre = found.find(({ isBest }) => isBest);
  if (!centre) return { neighbours: [] };
  const at = space.toUnit(centre.x);
  const neighbours = found
    .filter(({ r }) => r.length === centre.r.length)
    .map(({ x, r }) => {
      const step = space.toUnit(x).map((value, i) => value - at[i]!);
      return { step, length: Math.hypot(...step), change: r.map((value, i) => value - centre.r[i]!) };
    })
    .filter(({ length }) => length > 0)
    .toSorted((a, b) => a.length - b.length);
  return { residuals: centre.r, neighbours };
}

/** The nearest points that lead into all directions, and all others that are as near. */
function nearestEnough(sorted: readonly Neighbour[], n: number): readonly Neighbour[] {
  const basis: Float64Array[] = [];
  for (const { step, length } of sorted) {
    const rest = step.map((value) => value / length);
    for (const direction of basis) {
      const along = direction.reduce((sum, value, i) => sum + value * rest[i]!, 0);
      for (let i = 0; i < n; i++) rest[i] = rest[i]! - along * direction[i]!;
    }
    const left = Math.hypot(...rest);
    if (left < INDEPENDENT) continue;
    basis.push(rest.map((value) => value / left));
    if (basis.length === n) return sorted.filter((one) => one.length <= SLACK * length);
  }
  return [];
}

/** The Jacobian, column-major, that fits the changes best. */
function jacobianOf(neighbours: readonly Neighbour[], n: number, m: number): Float64Array | undefined {
  const rows = neighbours.length;
  if (rows < n) return undefined;
  const jacobian = new Float64Array(m * n);
  for (let r = 0; r < m; r++) {
    const a = new Float64Array(rows * n);
    for (const [row, { step, length }] of neighbours.entries())
      for (let i = 0; i < n; i++) a[i * rows + row] = step[i]! / length;
    const solved = solveLeastSquares(
      a,
      rows,
      n,
      Float64Array.from(neighbours, ({ change, length }) => change[r]! / length),
    );
    if (!solved) return undefined;
    for (let i = 0; i < n; i++) jacobian[i * m + r] = solved[i]!;
  }
  return jacobian;
}

/** The diagonal of (J'J)^-1. */
function inverseDiagonal(jacobian: Float64Array, n: number, m: number): Float64Array | undefined {
  // Scaled columns: parameters may differ by many orders of magnitude.
  const lengths = Float64Array.from({ length: n }, (_, i) =>
    Math.hypot(...jacobian.subarray(i * m, (i + 1) * m)),
  );
  if (!lengths.every((length) => length > 0)) return undefined;
  const scaled = jacobian.map((value, at) => value / lengths[Math.floor(at / m)]!);
  const diagonal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // The part of column i that no other column explains: its squared length is 1 / (J'J)^-1_ii.
    const others = new Float64Array(m * (n - 1));
    for (let column = 0, to = 0; column < n; column++)
      if (column !== i) others.set(scaled.subarray(column * m, (column + 1) * m), m * to++);
    const right = scaled.slice(i * m, (i + 1) * m);
    if (n > 1 && !solveLeastSquares(others, m, n - 1, right)) return undefined;
    const left = sumOfSquares(right.subarray(n - 1));
    if (!(left > 0)) return undefined;
    diagonal[i] = 1 / (left * lengths[i]! ** 2);
  }
  return diagonal;
}
