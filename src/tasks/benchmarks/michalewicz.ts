import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';
import { leastOf } from './least.ts';

/** Twice the steepness m = 10 that is customary: the larger, the narrower the valleys. */
const POWER = 20;

/** The term of coordinate i, counted from 1. */
function term(x: number, i: number): number {
  return -Math.sin(x) * Math.sin((i * x * x) / Math.PI) ** POWER;
}

/** By coordinate: each term has its own minimum. */
const minima: number[] = [];

/**
 * f(x) = -sum_i sin(x_i) sin^20(i x_i^2 / pi), i = 1 … n
 *
 * Domain [0, pi]^n; the terms depend on one coordinate each, so the minimum is that of each: -1.8013 for n = 2, -4.6877 for n = 5, -9.6602 for n = 10.
 *
 * @see Michalewicz (1992), Genetic Algorithms + Data Structures = Evolution Programs, Springer
 */
export const michalewicz: Benchmark = classic({
  name: 'michalewicz',
  summary: 'flat but for narrow valleys: n! minima, of which none points to the best',
  dimensions: anyDimension(),
  create(n) {
    const x = Float64Array.from({ length: n }, (_, k) => {
      const i = k + 1;
      return (minima[k] ??= leastOf((value) => term(value, i), 0, Math.PI, 200 * (i + 1)));
    });
    return { bounds: cube(n, 0, Math.PI), minimum: { x, fx: evaluate(x) }, evaluate };
  },
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += term(x[k]!, k + 1);
  return sum;
}
