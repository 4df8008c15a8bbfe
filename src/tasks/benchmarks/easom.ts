import type { Benchmark } from './contract.ts';
import { classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = -cos(x_1) cos(x_2) exp(-(x_1 - pi)^2 - (x_2 - pi)^2)
 *
 * Domain [-100, 100]^2; minimum f(pi, pi) = -1. Flat to the last digit in all but a ten-thousandth of the domain.
 *
 * @see Easom (1990), A survey of global optimization techniques, thesis, University of Louisville
 */
export const easom: Benchmark = classic({
  name: 'easom',
  summary: 'a hole in a plain',
  dimensions: { min: 2, max: 2 },
  create: (n) => ({ bounds: cube(n, -100, 100), minimum: minimumAt(n, Math.PI, -1), evaluate }),
});

function evaluate(x: Float64Array): number {
  let value = -1;
  for (const xi of x) value *= Math.cos(xi) * Math.exp(-((xi - Math.PI) ** 2));
  return value;
}
