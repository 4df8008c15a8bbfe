import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/** Where x sin(sqrt(x)) is largest on [0, 500]: tan(t) = -t/2 with t = sqrt(x). */
const BEST = 420.968746359982;
/** BEST sin(sqrt(BEST)): added for each parameter, so that the minimum is 0. */
const OFFSET = 418.98288727243374;

/**
 * f(x) = sum_i (418.98288727243374 - x_i sin(sqrt(|x_i|)))
 *
 * Domain [-500, 500]^n; minimum f(420.968746…, …) = 0 (exact to rounding). The second-best minimum is far from the best, at the other end of the domain.
 *
 * @see Schwefel (1981), Numerical Optimization of Computer Models, problem 2.26; the constant that moves the minimum to 0 is customary
 */
export const schwefel: Benchmark = classic({
  name: 'schwefel',
  summary: 'deceptive: the best minima are far from each other, near the bounds',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -500, 500), minimum: minimumAt(n, BEST), evaluate }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += OFFSET - xi * Math.sin(Math.sqrt(Math.abs(xi)));
  return sum;
}
