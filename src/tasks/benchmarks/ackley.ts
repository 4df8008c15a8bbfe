import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = -20 exp(-0.2 sqrt(1/n sum_i x_i^2)) - exp(1/n sum_i cos(2 pi x_i)) + 20 + e
 *
 * Domain [-32.768, 32.768]^n; minimum f(0, …, 0) = 0 (4.4e-16 in floating point). Almost flat far from the minimum.
 *
 * @see Ackley (1987), A Connectionist Machine for Genetic Hillclimbing; the n-dimensional form: Bäck (1996), Evolutionary Algorithms in Theory and Practice
 */
export const ackley: Benchmark = classic({
  name: 'ackley',
  summary: 'a rippled plain with one narrow funnel',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -32.768, 32.768), minimum: minimumAt(n, 0), evaluate }),
});

function evaluate(x: Float64Array): number {
  const n = x.length;
  let squares = 0;
  let cosines = 0;
  for (const xi of x) {
    squares += xi * xi;
    cosines += Math.cos(2 * Math.PI * xi);
  }
  return -20 * Math.exp(-0.2 * Math.sqrt(squares / n)) - Math.exp(cosines / n) + 20 + Math.E;
}
