import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';
import { polished } from './polished.ts';

/** Where (x_1, any other) may be at the minimum, roughly: found by a grid of the plane; which is best depends on n. */
const STARTS = [
  [-500, 496],
  [-499.5, -500],
  [-499, -500],
  [-500, -500],
] as const;

/**
 * f(x) = sum_i x_i sin(sqrt(|x_1 - x_i + 1|)) cos(sqrt(|x_1 + x_i + 1|)) + (x_1 + 1) sin(sqrt(|x_1 + x_i + 1|)) cos(sqrt(|x_1 - x_i + 1|))
 *
 * Domain [-500, 500]^n. Given x_1 all other terms are alike and depend on their own coordinate, so at the minimum the others are equal: two
 * numbers to be found. f(-500) = -464.27… for n = 1, f(-500, 496.1…) = -963.22… for n = 2; from about n = 8 on x_1 = -499.0… and the others are -500.
 *
 * @see Price, Storn, Lampinen (2005), Differential Evolution, Springer, appendix A, with x_{i+1} for x_1; GloMPO's form is this one
 * @remarks GloMPO states (-500, …, -500), where f is -928.55 for n = 2.
 */
export const rana: Benchmark = classic({
  name: 'rana',
  summary: 'waves that grow towards the corners: the best minima are at the bounds, far from each other',
  dimensions: anyDimension(),
  create(n) {
    const reduced = ([first, others]: Float64Array): number =>
      term(first!, first!) + (n - 1) * term(first!, others!);
    const starts = STARTS.map((start) => Float64Array.from(start));
    const best = polished(reduced, cube(2, -500, 500), starts, 0.25).x;
    const x = new Float64Array(n).fill(best[1]!).fill(best[0]!, 0, 1);
    return { bounds: cube(n, -500, 500), minimum: { x, fx: evaluate(x) }, evaluate };
  },
});

function term(first: number, x: number): number {
  const sum = Math.sqrt(Math.abs(first + x + 1));
  const difference = Math.sqrt(Math.abs(first - x + 1));
  return x * Math.sin(difference) * Math.cos(sum) + (first + 1) * Math.sin(sum) * Math.cos(difference);
}

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += term(x[0]!, xi);
  return sum;
}
