import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = 1 + sum_i x_i^2 / 4000 - prod_i cos(x_i / sqrt(i))
 *
 * Domain [-600, 600]^n; minimum f(0, …, 0) = 0. The ripples matter less the more dimensions there are.
 *
 * @see Griewank (1981), Generalized descent for global optimization, J. Optim. Theory Appl. 34:11; Locatelli (2003), J. Glob. Optim. 25:169, for the dimension
 */
export const griewank: Benchmark = classic({
  name: 'griewank',
  summary: 'thousands of ripples on a wide bowl',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -600, 600), minimum: minimumAt(n, 0), evaluate }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  let product = 1;
  for (let i = 0; i < x.length; i++) {
    sum += x[i]! * x[i]!;
    product *= Math.cos(x[i]! / Math.sqrt(i + 1));
  }
  return 1 + sum / 4000 - product;
}
