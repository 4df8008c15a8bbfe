import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/** Where 10 ln(x) = pi/2 + 6 pi: the largest such x in the domain. */
const BEST: number = Math.exp(0.65 * Math.PI);

/**
 * f(x) = -sum_i sin(10 ln(x_i))
 *
 * Domain [0.25, 10]^n; minimum f(7.70628…, …) = -n, one of 6^n: x_i = exp((pi/2 + 2 pi k)/10), k = -2 … 3.
 *
 * @see Shir & Bäck (2006), Niche radius adaptation in the CMA-ES niching algorithm, PPSN IX
 */
export const vincent: Benchmark = classic({
  name: 'vincent',
  summary: '6^n best minima whose basins differ in size, no other ones',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, 0.25, 10), minimum: minimumAt(n, BEST, -n), evaluate }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum -= Math.sin(10 * Math.log(xi));
  return sum;
}
