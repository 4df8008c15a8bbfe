import { RandomStream } from '../../core/random.ts';
import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';

interface DeceptiveOptions {
  /** @default 2 */
  readonly exponent: number;
  /** @default 0 */
  readonly seed: number;
}

/**
 * f(x) = -(1/n sum_i g_i(x_i))^b, g_i by straight lines through (0, 0.8), (0.8 a_i, 0), (a_i, 1), ((1 + 4 a_i)/5, 0), (1, 0.8)
 *
 * Domain [0, 1]^n; minimum f(a) = -1. Nearly everywhere the slope leads away from a, towards the corners. The a_i are drawn from [0.1, 0.9]; b is 2.
 *
 * @see Jamil & Yang (2013), A literature survey of benchmark functions for global optimisation problems, Int. J. Math. Model. Numer. Optim. 4:150, type 3 deceptive; GloMPO draws a from [0, 1]
 */
export const deceptive: Benchmark = classic<DeceptiveOptions>({
  name: 'deceptive',
  summary: 'slopes lead away from the minimum nearly everywhere',
  dimensions: anyDimension(),
  options: {
    exponent: {
      description: 'how far from linear it is',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 100,
      default: 2,
    },
    seed: {
      description: 'where the minimum is',
      type: 'integer',
      minimum: 0,
      default: 0,
    },
  },
  create(n, { exponent, seed }) {
    const random = RandomStream.at(seed, 'deceptive');
    const best = Float64Array.from({ length: n }, () => 0.1 + 0.8 * random.uniform());
    return {
      bounds: cube(n, 0, 1),
      minimum: { x: best, fx: -1 },
      evaluate(x) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += term(x[i]!, best[i]!);
        // Rounding may leave less than 0 of what is 0.
        return -(Math.max(0, sum / n) ** exponent);
      },
    };
  },
});

function term(x: number, a: number): number {
  if (x <= 0.8 * a) return 0.8 - x / a;
  if (x <= a) return (5 * x) / a - 4;
  if (x <= (1 + 4 * a) / 5) return (5 * (x - a)) / (a - 1) + 1;
  return (x - 1) / (1 - a) + 0.8;
}
