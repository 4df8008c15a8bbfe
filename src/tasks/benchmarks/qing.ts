import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';

/** Half the usual width: wide enough for the minimum in up to `WIDTH`² dimensions. */
const WIDTH = 500;

/**
 * f(x) = sum_i (x_i^2 - i)^2
 *
 * Domain [-500, 500]^n; minimum f(±sqrt(1), …, ±sqrt(n)) = 0: 2^n of them.
 *
 * @see Qing (2006), Dynamic differential evolution strategy and applications in electromagnetic inverse scattering problems, IEEE Trans. Geosci. Remote Sens. 44:116
 */
export const qing: Benchmark = classic({
  name: 'qing',
  summary: '2^n best minima near the middle of a very wide, very deep bowl',
  dimensions: anyDimension(),
  create: (n) => ({
    bounds: cube(n, -WIDTH, WIDTH),
    // Of the root of i the square may miss i by a rounding: the value is what it is there, 1e-29 at most.
    minimum: { x: Float64Array.from({ length: n }, (_, k) => Math.sqrt(k + 1)), fx: 0 },
    evaluate,
    gradient: (x) => x.map((xi, k) => 4 * xi * (xi * xi - k - 1)),
  }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k]! * x[k]! - k - 1) ** 2;
  return sum;
}
