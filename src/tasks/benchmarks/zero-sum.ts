import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = 0 where s = sum_i x_i is 0, else 1 + 100 sqrt(|s|)
 *
 * Domain [-10, 10]^n; minimum 0 wherever the coordinates add up to 0, and only exactly there: it jumps to 1 beside.
 *
 * @see Gavana (2013), Global Optimization Benchmarks and AMPGO, test functions, ZeroSum
 * @remarks GloMPO states Vincent's minimum here.
 */
export const zeroSum: Benchmark = classic({
  name: 'zero-sum',
  summary: 'a jump at a plane of best points, steep and sharp before it',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -10, 10), minimum: minimumAt(n, 0), evaluate }),
});

function evaluate(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += xi;
  return sum === 0 ? 0 : 1 + 100 * Math.sqrt(Math.abs(sum));
}
