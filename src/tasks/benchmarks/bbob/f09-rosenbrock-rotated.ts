import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { rosenbrockOf, rosenbrockScale } from './rosenbrock.ts';

/**
 * f9(x) = sum_{i<n} 100 (z_i² - z_{i+1})² + (z_i - 1)², z = s Q x + 1/2, s = max(1, sqrt(n)/8)
 *
 * x_opt = Qᵀ (1, …, 1) / (2 s).
 *
 * @see Hansen et al. (2009), RR-6829, function 9 (there R for Q)
 */
export const f09: BbobFunction = {
  id: 9,
  title: 'rotated Rosenbrock',
  create(draws) {
    const n = draws.dimension;
    const scale = rosenbrockScale(n);
    const rotation = draws.q();
    const z = new Float64Array(n);
    return {
      xopt: columnSums(rotation, n).map((sum) => sum / (2 * scale)),
      evaluate(x) {
        multiply(rotation, x, z);
        for (let i = 0; i < n; i++) z[i] = scale * z[i]! + 0.5;
        return rosenbrockOf(z);
      },
    };
  },
};

/** matrixᵀ (1, …, 1) */
export function columnSums(matrix: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let at = 0; at < matrix.length; at++) sums[at % n]! += matrix[at]!;
  return sums;
}
