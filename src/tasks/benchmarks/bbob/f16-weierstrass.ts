import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { oscillate, penalty, powers, sandwich, subtract } from './transforms.ts';

const TERMS = 12;
const AMPLITUDES: Float64Array = Float64Array.from({ length: TERMS }, (_, k) => 0.5 ** k);
const FREQUENCIES: Float64Array = Float64Array.from({ length: TERMS }, (_, k) => 2 * Math.PI * 3 ** k);
/** sum_k cos(pi 3^k) / 2^k, what the sum is at z = 0. */
const LEAST: number = waves(0);

/** sum_k cos(2 pi 3^k (z + 1/2)) / 2^k, k = 0 … 11 */
function waves(z: number): number {
  let sum = 0;
  for (let k = 0; k < TERMS; k++) sum += AMPLITUDES[k]! * Math.cos(FREQUENCIES[k]! * (z + 0.5));
  return sum;
}

/**
 * f16(x) = 10 (1/n sum_i sum_k cos(2 pi 3^k (z_i + 1/2)) / 2^k - f_0)³ + 10/n f_pen(x), k = 0 … 11,
 * z = R Lambda^(1/100) Q T_osz(R (x - x_opt)), f_0 = sum_k cos(pi 3^k) / 2^k
 *
 * @see Hansen et al. (2009), RR-6829, function 16
 */
export const f16: BbobFunction = {
  id: 16,
  title: 'Weierstrass',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const rotation = draws.r();
    const matrix = sandwich(rotation, powers(0.1, n), draws.q());
    const shifted = new Float64Array(n);
    const rotated = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(rotation, shifted, rotated);
        oscillate(rotated);
        multiply(matrix, rotated, shifted);
        let sum = 0;
        for (let i = 0; i < n; i++) sum += waves(shifted[i]!);
        return 10 * (sum / n - LEAST) ** 3 + (10 / n) * penalty(x);
      },
    };
  },
};
