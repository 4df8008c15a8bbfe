import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube, minimumAt } from './classic.ts';

/**
 * f(x) = sin^2(pi w_1) + sum_{i<n} (w_i - 1)^2 (1 + 10 sin^2(pi w_i + 1)) + (w_n - 1)^2 (1 + sin^2(2 pi w_n)), w_i = 1 + (x_i - 1)/4
 *
 * Domain [-10, 10]^n; minimum f(1, …, 1) = 0.
 *
 * @see Levy & Montalvo (1985), The tunneling algorithm for the global minimization of functions, SIAM J. Sci. Stat. Comput. 6:15; in this form: Laguna & Martí (2005), J. Glob. Optim. 33:235
 * @remarks GloMPO's lets i run to n in the sum, so that its last coordinate counts twice.
 */
export const levy: Benchmark = classic({
  name: 'levy',
  summary: 'waves across a bowl, steeper in one direction',
  dimensions: anyDimension(),
  create: (n) => ({ bounds: cube(n, -10, 10), minimum: minimumAt(n, 1), evaluate }),
});

function evaluate(x: Float64Array): number {
  const last = x.length - 1;
  let sum = Math.sin(Math.PI * weight(x[0]!)) ** 2;
  for (let i = 0; i < last; i++) {
    const w = weight(x[i]!);
    sum += (w - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * w + 1) ** 2);
  }
  const w = weight(x[last]!);
  return sum + (w - 1) ** 2 * (1 + Math.sin(2 * Math.PI * w) ** 2);
}

function weight(x: number): number {
  return 1 + (x - 1) / 4;
}
