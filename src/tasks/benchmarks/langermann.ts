import type { Benchmark } from './contract.ts';
import { classic, cube } from './classic.ts';
import { polished } from './polished.ts';

/** Centres of the ripples, and their heights. */
const CENTRES = [
  [3, 5, 1],
  [5, 2, 2],
  [2, 1, 5],
  [1, 4, 2],
  [7, 9, 3],
] as const;

/** In the basin of the minimum. */
const START: Float64Array = Float64Array.of(2, 1);

/**
 * f(x) = -sum_{k=1..5} c_k cos(pi r_k) exp(-r_k / pi), r_k = (x_1 - a_k)^2 + (x_2 - b_k)^2,
 * a = (3, 5, 2, 1, 7), b = (5, 2, 1, 4, 9), c = (1, 2, 5, 2, 3)
 *
 * Domain [0, 10]^2; minimum f(2.00299…, 1.00609…) = -5.16212615…
 *
 * @see Bersini et al. (1996), Results of the first international contest on evolutionary optimisation, ICEC 1996
 */
export const langermann: Benchmark = classic({
  name: 'langermann',
  summary: 'ripples of five stones in water',
  dimensions: { min: 2, max: 2 },
  create(n) {
    const bounds = cube(n, 0, 10);
    return { bounds, minimum: polished(evaluate, bounds, [START], 0.01), evaluate };
  },
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const [a, b, c] of CENTRES) {
    const r = (x[0]! - a) ** 2 + (x[1]! - b) ** 2;
    sum -= c * Math.cos(Math.PI * r) * Math.exp(-r / Math.PI);
  }
  return sum;
}
