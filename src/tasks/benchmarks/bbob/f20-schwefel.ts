import type { BbobFunction } from './contract.ts';
import { uniforms } from './draws.ts';
import { powers } from './transforms.ts';

/** Where x sin(sqrt(x)) is largest on [0, 500], in hundreds. */
const BEST = 4.2096874637;
/** The largest value of x sin(sqrt(x)) there. */
const LARGEST = 418.9828872724339;

/**
 * f20(x) = (418.9828872724339 + 10^4 f_pen(z/100) - 1/n sum_i z_i sin(sqrt(|z_i|))) / 100,
 * x̂ = 2 sign(x_opt) x, ẑ_1 = x̂_1, ẑ_{i+1} = x̂_{i+1} + (x̂_i - 2 |x_opt,i|) / 4, z = 100 (Lambda^10 (ẑ - 2 |x_opt|) + 2 |x_opt|)
 *
 * x_opt,i = ±2.10484…; the constants are COCO's, so that the value at x_opt is f_opt to 1e-12 or so.
 *
 * @see Hansen et al. (2009), RR-6829, function 20
 */
export const f20: BbobFunction = {
  id: 20,
  title: 'Schwefel',
  create(draws) {
    const n = draws.dimension;
    const signs = uniforms(n, draws.seed).map((drawn) => (drawn < 0.5 ? -1 : 1));
    const scales = powers(Math.sqrt(10), n);
    return {
      xopt: signs.map((sign) => sign * 0.5 * BEST),
      evaluate(x) {
        let beyond = 0;
        let sum = 0;
        let before = 0;
        for (let i = 0; i < n; i++) {
          const hat = 2 * signs[i]! * x[i]!;
          const z = 100 * (scales[i]! * (hat + 0.25 * before - BEST) + BEST);
          before = hat - BEST;
          const size = Math.abs(z);
          if (size > 500) beyond += (size - 500) * (size - 500);
          sum += z * Math.sin(Math.sqrt(size));
        }
        return 0.01 * (beyond + LARGEST - sum / n);
      },
    };
  },
};
