import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { subtract } from './transforms.ts';

/**
 * f14(x) = sqrt(sum_i |z_i|^(2 + 4 (i-1)/(n-1))), z = R (x - x_opt)
 *
 * @see Hansen et al. (2009), RR-6829, function 14
 */
export const f14: BbobFunction = {
  id: 14,
  title: 'different powers',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const rotation = draws.r();
    const shifted = new Float64Array(n);
    const z = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(rotation, shifted, z);
        let sum = 0;
        for (let i = 0; i < n; i++) sum += Math.abs(z[i]!) ** (2 + (4 * i) / (n - 1));
        return Math.sqrt(sum);
      },
    };
  },
};
