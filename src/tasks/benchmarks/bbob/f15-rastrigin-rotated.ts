import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { rastriginOf } from './rastrigin.ts';
import { oscillate, powers, sandwich, skew, subtract } from './transforms.ts';

/**
 * f15(x) = 10 (n - sum_i cos(2 pi z_i)) + |z|², z = R Lambda^10 Q T_asy^0.2(T_osz(R (x - x_opt)))
 *
 * @see Hansen et al. (2009), RR-6829, function 15
 */
export const f15: BbobFunction = {
  id: 15,
  title: 'Rastrigin',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const rotation = draws.r();
    const matrix = sandwich(rotation, powers(Math.sqrt(10), n), draws.q());
    const shifted = new Float64Array(n);
    const rotated = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(rotation, shifted, rotated);
        oscillate(rotated);
        skew(rotated, 0.2);
        multiply(matrix, rotated, shifted);
        return rastriginOf(shifted);
      },
    };
  },
};
