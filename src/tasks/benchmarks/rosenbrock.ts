import { anyDimension, type Benchmark, cube, minimumAt } from './contract.ts';

/**
 * f(x) = sum_{i=1}^{n-1} 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2
 *
 * Domain [-5, 10]^n, n >= 2; minimum f(1, …, 1) = 0. From n = 4 on there is a second, local minimum near (-1, 1, …, 1).
 *
 * @see Rosenbrock (1960), An automatic method for finding the greatest or least value of a function, Comput. J. 3:175
 * @see Shang & Qiu (2006), A note on the extended Rosenbrock function, Evol. Comput. 14:119, for its local minima
 */
export const rosenbrock: Benchmark = {
  name: 'rosenbrock',
  summary: 'a long, bent, flat valley: needs curvature information',
  dimensions: anyDimension(2),
  bounds: cube(-5, 10),
  minimum: minimumAt(1),
  evaluate(x) {
    let sum = 0;
    for (let i = 0; i + 1 < x.length; i++) {
      const xi = x[i]!;
      sum += 100 * (x[i + 1]! - xi * xi) ** 2 + (1 - xi) ** 2;
    }
    return sum;
  },
};
