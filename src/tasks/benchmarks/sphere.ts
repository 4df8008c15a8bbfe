import { anyDimension, type Benchmark, cube, minimumAt } from './contract.ts';

/**
 * f(x) = sum_i x_i^2
 *
 * Domain [-5.12, 5.12]^n; minimum f(0, …, 0) = 0. Convex, separable.
 *
 * @see De Jong (1975), An Analysis of the Behavior of a Class of Genetic Adaptive Systems, function F1
 */
export const sphere: Benchmark = {
  name: 'sphere',
  summary: 'convex and separable: every optimizer must solve it',
  dimensions: anyDimension(),
  bounds: cube(-5.12, 5.12),
  minimum: minimumAt(0),
  evaluate(x) {
    let sum = 0;
    for (const xi of x) sum += xi * xi;
    return sum;
  },
};
