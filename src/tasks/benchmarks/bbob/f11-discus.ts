import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { oscillated, subtract } from './transforms.ts';

/**
 * f11(x) = 10^6 z_1² + sum_{i>1} z_i², z = T_osz(R (x - x_opt))
 *
 * @see Hansen et al. (2009), RR-6829, function 11
 */
export const f11: BbobFunction = {
  id: 11,
  title: 'discus',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const rotation = draws.r();
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
          sum += (i === 0 ? 1e6 : 1) * z * z;
        }
        return sum;
      },
    };
  },
};
