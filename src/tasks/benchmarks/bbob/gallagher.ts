import { multiply } from '../orthogonal.ts';
import type { BbobProblem } from './contract.ts';
import { type Draws, uniforms } from './draws.ts';
import { oscillated, penalty } from './transforms.ts';

/** What tells functions 21 and 22 apart. */
interface Peaks {
  readonly count: number;
  /** Conditioning of the highest peak. */
  readonly condition: number;
  /** Peaks are in [-width/2, width/2]^n; the highest in 0.8 of that. */
  readonly width: number;
}

/** Places in the order of their values: of [0.3, 0.1, 0.2] [1, 2, 0]. */
function order(values: Float64Array): readonly number[] {
  return Array.from(values, (_, i) => i).toSorted((a, b) => values[a]! - values[b]!);
}

/**
 * T_osz(10 - max_k w_k exp(-1/(2n) (Q (x - y_k))ᵀ C_k Q (x - y_k)))² + f_pen(x): peaks of random places and shapes.
 *
 * w_1 = 10, the others rise evenly from 1.1 to 9.1. C_k = Lambda^alpha_k / alpha_k^(1/4), its diagonal in random order; alpha_k are the powers
 * 1000^(2 j/(count - 2)) in random order.
 *
 * @see Hansen et al. (2009), RR-6829, functions 21 and 22 (there R for Q)
 */
export function gallagher(draws: Draws, { count, condition, width }: Peaks): BbobProblem {
  const { dimension: n, seed } = draws;
  const rotation = draws.q();
  const ranks = order(uniforms(count - 1, seed));
  const heights = Float64Array.from({ length: count }, (_, k) =>
    k === 0 ? 10 : ((k - 1) / (count - 2)) * (9.1 - 1.1) + 1.1,
  );
  // By their logarithms peaks are compared without an exponential each.
  const logHeights = heights.map(Math.log);
  const places = uniforms(n * count, seed).map((drawn) => width * drawn - width / 2);
  for (let i = 0; i < n; i++) places[i]! *= 0.8;
  const rotated = new Float64Array(n * count);
  const shapes = new Float64Array(n * count);
  for (let k = 0; k < count; k++) {
    multiply(rotation, places.subarray(k * n, (k + 1) * n), rotated.subarray(k * n, (k + 1) * n));
    const alpha = k === 0 ? condition : 1000 ** (ranks[k - 1]! / (count - 2));
    const axes = order(uniforms(n, seed + 1000 * k));
    for (let j = 0; j < n; j++) shapes[k * n + j] = alpha ** (axes[j]! / (n - 1) - 0.5);
  }
  const turned = new Float64Array(n);
  return {
    xopt: places.slice(0, n),
    evaluate(x) {
      multiply(rotation, x, turned);
      let highest = 0;
      let highestLog = -Infinity;
      let highestExponent = 0;
      for (let k = 0, at = 0; k < count; k++) {
        let sum = 0;
        for (let j = 0; j < n; j++, at++) {
          const away = turned[j]! - rotated[at]!;
          sum += shapes[at]! * away * away;
        }
        const exponent = (-0.5 / n) * sum;
        const log = logHeights[k]! + exponent;
        if (log > highestLog) {
          highestLog = log;
          highest = k;
          highestExponent = exponent;
        }
      }
      const depth = oscillated(10 - heights[highest]! * Math.exp(highestExponent));
      return depth * depth + penalty(x);
    },
  };
}
