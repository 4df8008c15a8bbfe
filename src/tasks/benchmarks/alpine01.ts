import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = sum_i |x_i sin(x_i) + 0.1 x_i|
 *
 * Domain [-10, 10]^n; minimum f(0, …, 0) = 0, a kink. Each term is 0 also where sin(x_i) = -0.1, so there are 8^n minima of that value.
 *
 * @see Rahnamayan, Tizhoosh, Salama (2007), A novel population initialization method for accelerating evolutionary algorithms, Comput. Math. Appl. 53:1605
 */
export const alpine01: Benchmark = classic({
  name: 'alpine01',
  summary: 'kinked and not differentiable: many best minima',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -10, 10), minimum: minimumAt(n, 0), evaluate }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += Math.abs(xi * Math.sin(xi) + 0.1 * xi);
  return sum;
}
