import type { BbobFunction } from './contract.ts';
import { oscillated, powers } from './transforms.ts';

/**
 * f2(x) = sum_i 10^(6 (i-1)/(n-1)) z_i², z = T_osz(x - x_opt)
 *
 * @see Hansen et al. (2009), RR-6829, function 2
 */
export const f02: BbobFunction = {
  id: 2,
  title: 'separable ellipsoid',
  create(draws) {
    const xopt = draws.xopt();
    const weights = powers(1e6, draws.dimension);
    return {
      xopt,
      evaluate(x) {
        let sum = 0;
        for (let i = 0; i < x.length; i++) {
          const z = oscillated(x[i]! - xopt[i]!);
          sum += weights[i]! * z * z;
        }
        return sum;
      },
    };
  },
};
