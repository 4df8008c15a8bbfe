import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { skew, subtract } from './transforms.ts';

/**
 * f12(x) = z_1² + 10^6 sum_{i>1} z_i², z = R T_asy^0.5(R (x - x_opt))
 *
 * @see Hansen et al. (2009), RR-6829, function 12; the seed of x_opt is COCO's
 */
export const f12: BbobFunction = {
  id: 12,
  title: 'bent cigar',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt(draws.seed + 1_000_000);
    const rotation = draws.r();
    const shifted = new Float64Array(n);
    const rotated = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(rotation, shifted, rotated);
        skew(rotated, 0.5);
        multiply(rotation, rotated, shifted);
        let sum = shifted[0]! * shifted[0]!;
        for (let i = 1; i < n; i++) sum += 1e6 * shifted[i]! * shifted[i]!;
        return sum;
      },
    };
  },
};
