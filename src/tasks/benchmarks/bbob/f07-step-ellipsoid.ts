import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { penalty, powers, scaleRows, subtract } from './transforms.ts';

/** To the next integer; halves go up, as in COCO. */
function rounded(x: number): number {
  return Math.floor(x + 0.5);
}

/**
 * f7(x) = 0.1 max(|z1| / 10^4, sum_i 10^(2 (i-1)/(n-1)) z_i²) + f_pen(x), ẑ = Lambda^10 Q (x - x_opt), z = R z̃,
 * z̃_i = ẑ_i rounded to integers where |ẑ_i| > 0.5, else to tenths; z1 of the first term is ẑ_1
 *
 * @see Hansen et al. (2009), RR-6829, function 7 (there Q and R the other way round)
 */
export const f07: BbobFunction = {
  id: 7,
  title: 'step ellipsoid',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const inner = scaleRows(powers(Math.sqrt(10), n), draws.q());
    const outer = draws.r();
    const weights = powers(100, n);
    const shifted = new Float64Array(n);
    const steps = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(inner, shifted, steps);
        const first = Math.abs(steps[0]!);
        for (let i = 0; i < n; i++) {
          const value = steps[i]!;
          steps[i] = Math.abs(value) > 0.5 ? rounded(value) : rounded(10 * value) / 10;
        }
        multiply(outer, steps, shifted);
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weights[i]! * shifted[i]! * shifted[i]!;
        return 0.1 * Math.max(first * 1e-4, sum) + penalty(x);
      },
    };
  },
};
