import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { powers, sandwich, subtract } from './transforms.ts';

/**
 * f13(x) = z_1² + 100 sqrt(sum_{i>1} z_i²), z = R Lambda^10 Q (x - x_opt)
 *
 * @see Hansen et al. (2009), RR-6829, function 13 (there Q and R the other way round)
 */
export const f13: BbobFunction = {
  id: 13,
  title: 'sharp ridge',
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
        for (let i = 1; i < n; i++) sum += z[i]! * z[i]!;
        return z[0]! * z[0]! + 100 * Math.sqrt(sum);
      },
    };
  },
};
