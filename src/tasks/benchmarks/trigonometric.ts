import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = 1 + sum_i 8 sin^2(7 (x_i - 0.9)^2) + 6 sin^2(14 (x_i - 0.9)^2) + (x_i - 0.9)^2
 *
 * Domain [-500, 500]^n; minimum f(0.9, …, 0.9) = 1.
 *
 * @see Fu, Fu, Peng (2006), trigonometric 2 in Jamil & Yang (2013), A literature survey of benchmark functions for global optimisation problems; there 14 (x_1 - 0.9)^2 stands in every term
 */
export const trigonometric: Benchmark = classic({
  name: 'trigonometric',
  summary: 'waves that get shorter away from the minimum, on a wide bowl',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -500, 500), minimum: minimumAt(n, 0.9, 1), evaluate }),
});

function evaluate(x: Float64Array): number {
  let sum = 1;
  for (const xi of x) {
    const square = (xi - 0.9) ** 2;
    sum += 8 * Math.sin(7 * square) ** 2 + 6 * Math.sin(14 * square) ** 2 + square;
  }
  return sum;
}
