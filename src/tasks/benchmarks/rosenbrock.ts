import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = sum_{i=1}^{n-1} 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2
 *
 * Domain [-5, 10]^n, n >= 2; minimum f(1, …, 1) = 0. From n = 4 on there is a second, local minimum near (-1, 1, …, 1).
 *
 * @see Rosenbrock (1960), An automatic method for finding the greatest or least value of a function, Comput. J. 3:175
 * @see Shang & Qiu (2006), A note on the extended Rosenbrock function, Evol. Comput. 14:119, for its local minima
 */
export const rosenbrock: Benchmark = classic({
  name: 'rosenbrock',
  summary: 'a long, bent, flat valley: needs curvature information',
  dimensions: anyDimension(2),
  create: (n) => ({ bounds: cube(n, -5, 10), minimum: minimumAt(n, 1), evaluate, gradient }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const xi = x[i]!;
    sum += 100 * (x[i + 1]! - xi * xi) ** 2 + (1 - xi) ** 2;
  }
  return sum;
}

function gradient(x: Float64Array): Float64Array {
  const slopes = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const across = x[i + 1]! - x[i]! * x[i]!;
    slopes[i]! -= 400 * across * x[i]! + 2 * (1 - x[i]!);
    slopes[i + 1]! += 200 * across;
  }
  return slopes;
}
