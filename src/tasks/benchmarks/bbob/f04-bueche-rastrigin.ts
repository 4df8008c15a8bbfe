import type { BbobFunction } from './contract.ts';
import { rastriginOf } from './rastrigin.ts';
import { oscillated, penalty, powers } from './transforms.ts';

/**
 * f4(x) = 10 (n - sum_i cos(2 pi z_i)) + |z|² + 100 f_pen(x), z_i = s_i T_osz(x - x_opt)_i,
 * s_i = 10^((i-1)/(n-1)/2), ten times as much where z_i > 0 and i is odd
 *
 * The odd coordinates of x_opt are positive, so that the steep side points to the nearer bound.
 *
 * @see Hansen et al. (2009), RR-6829, function 4; the sign of x_opt is COCO's
 */
export const f04: BbobFunction = {
  id: 4,
  title: 'Büche-Rastrigin',
  drawsOf: 3,
  create(draws) {
    const xopt = draws.xopt().map((value, i) => (i % 2 === 0 ? Math.abs(value) : value));
    const scales = powers(Math.sqrt(10), draws.dimension);
    const z = new Float64Array(draws.dimension);
    return {
      xopt,
      evaluate(x) {
        for (let i = 0; i < x.length; i++) {
          const bent = oscillated(x[i]! - xopt[i]!);
          z[i] = (bent > 0 && i % 2 === 0 ? 10 : 1) * scales[i]! * bent;
        }
        return rastriginOf(z) + 100 * penalty(x);
      },
    };
  },
};
