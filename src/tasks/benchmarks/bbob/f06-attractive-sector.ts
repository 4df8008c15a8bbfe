import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { oscillated, powers, sandwich, subtract } from './transforms.ts';

/**
 * f6(x) = T_osz(sum_i (s_i z_i)²)^0.9, z = R Lambda^10 Q (x - x_opt), s_i = 100 where z_i x_opt,i > 0, else 1
 *
 * @see Hansen et al. (2009), RR-6829, function 6 (there Q and R the other way round)
 */
export const f06: BbobFunction = {
  id: 6,
  title: 'attractive sector',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const matrix = sandwich(draws.r(), powers(Math.sqrt(10), n), draws.q());
    const shifted = new Float64Array(n);
    const z = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(matrix, shifted, z);
        let sum = 0;
        for (let i = 0; i < n; i++) {
          const square = z[i]! * z[i]!;
          sum += xopt[i]! * z[i]! > 0 ? 1e4 * square : square;
        }
        return oscillated(sum) ** 0.9;
      },
    };
  },
};
