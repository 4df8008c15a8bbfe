import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = 10 n + sum_i (x_i^2 - 10 cos(2 pi x_i))
 *
 * Domain [-5.12, 5.12]^n; minimum f(0, …, 0) = 0. About 11^n local minima on a regular grid, with a bowl below.
 *
 * @see Rastrigin (1974), Systems of Extremal Control; the n-dimensional form: Mühlenbein, Schomisch, Born (1991), Parallel Comput. 17:619
 */
export const rastrigin: Benchmark = classic({
  name: 'rastrigin',
  summary: 'a regular grid of local minima on a bowl',
  dimensions: anyDimension(),
  create: (n) => ({
    bounds: cube(n, -5.12, 5.12),
    minimum: minimumAt(n, 0),
    evaluate,
    gradient: (x) => x.map((xi) => 2 * xi + 20 * Math.PI * Math.sin(2 * Math.PI * xi)),
  }),
});

function evaluate(x: Float64Array): number {
  let sum = 10 * x.length;
  for (const xi of x) sum += xi * xi - 10 * Math.cos(2 * Math.PI * xi);
  return sum;
}
