import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { oscillated, powers, subtract } from './transforms.ts';

/**
 * f10(x) = sum_i 10^(6 (i-1)/(n-1)) z_i², z = T_osz(R (x - x_opt))
 *
 * @see Hansen et al. (2009), RR-6829, function 10
 */
export const f10: BbobFunction = {
  id: 10,
  title: 'ellipsoid',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const rotation = draws.r();
    const weights = powers(1e6, n);
    const shifted = new Float64Array(n);
    const rotated = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(rotation, shifted, rotated);
        let sum = 0;
        for (let i = 0; i < n; i++) {
          const z = oscillated(rotated[i]!);
          sum += weights[i]! * z * z;
        }
        return sum;
      },
    };
  },
};
