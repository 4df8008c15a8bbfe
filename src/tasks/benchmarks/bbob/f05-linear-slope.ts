import type { BbobFunction } from './contract.ts';
import { powers } from './transforms.ts';

/**
 * f5(x) = sum_i 5 |s_i| - s_i z_i, s_i = sign(x_opt,i) 10^((i-1)/(n-1)), z_i = x_i, or x_opt,i where x_i is beyond it
 *
 * The minimum is at a corner of the domain, x_opt,i = ±5.
 *
 * @see Hansen et al. (2009), RR-6829, function 5
 */
export const f05: BbobFunction = {
  id: 5,
  title: 'linear slope',
  create(draws) {
    const xopt = draws.xopt().map((value) => (value < 0 ? -5 : 5));
    const slopes = powers(10, draws.dimension).map((value, i) => Math.sign(xopt[i]!) * value);
    return {
      xopt,
      evaluate(x) {
        let sum = 0;
        for (let i = 0; i < x.length; i++) {
          const corner = xopt[i]!;
          const z = x[i]! * corner < 25 ? x[i]! : corner;
          sum += 5 * Math.abs(slopes[i]!) - slopes[i]! * z;
        }
        return sum;
      },
    };
  },
};
