import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = sum_i x_i^2
 *
 * Domain [-5.12, 5.12]^n; minimum f(0, …, 0) = 0. Convex, separable.
 *
 * @see De Jong (1975), An Analysis of the Behavior of a Class of Genetic Adaptive Systems, function F1
 */
export const sphere: Benchmark = classic({
  name: 'sphere',
  summary: 'convex and separable: every optimizer must solve it',
  dimensions: anyDimension(),
  create: (n) => ({
    bounds: cube(n, -5.12, 5.12),
    minimum: minimumAt(n, 0),
    evaluate,
    gradient: (x) => x.map((xi) => 2 * xi),
  }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += xi * xi;
  return sum;
}
