import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/** The least root of 4 x^3 - 32 x + 5. */
const BEST = -2.903534027771177;

/**
 * f(x) = 1/2 sum_i (x_i^4 - 16 x_i^2 + 5 x_i)
 *
 * Domain [-500, 500]^n; minimum f(-2.903534…, …) = -39.166165703771… n. Each coordinate has a second minimum, at 2.7468….
 *
 * @see Styblinski & Tang (1990), Experiments in nonconvex optimization: stochastic approximation with function smoothing and simulated annealing, Neural Netw. 3:467
 */
export const styblinskiTang: Benchmark = classic({
  name: 'styblinski-tang',
  summary: '2^n minima of nearly the same depth',
  dimensions: anyDimension(),
  create(n) {
    const { x } = minimumAt(n, BEST);
    return {
      bounds: cube(n, -500, 500),
      minimum: { x, fx: evaluate(x) },
      evaluate,
      gradient: (at) => at.map((xi) => 2 * xi ** 3 - 16 * xi + 2.5),
    };
  },
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += xi ** 4 - 16 * xi * xi + 5 * xi;
  return sum / 2;
}
