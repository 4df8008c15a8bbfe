import type { BbobFunction } from './contract.ts';
import { rastriginOf } from './rastrigin.ts';
import { oscillate, powers, skew, subtract } from './transforms.ts';

/**
 * f3(x) = 10 (n - sum_i cos(2 pi z_i)) + |z|², z = Lambda^10 T_asy^0.2(T_osz(x - x_opt))
 *
 * @see Hansen et al. (2009), RR-6829, function 3
 */
export const f03: BbobFunction = {
  id: 3,
  title: 'separable Rastrigin',
  create(draws) {
    const xopt = draws.xopt();
    const scales = powers(Math.sqrt(10), draws.dimension);
    const z = new Float64Array(draws.dimension);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, z);
        oscillate(z);
        skew(z, 0.2);
        for (let i = 0; i < z.length; i++) z[i]! *= scales[i]!;
        return rastriginOf(z);
      },
    };
  },
};
