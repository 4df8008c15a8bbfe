import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { normals } from './draws.ts';
import { penalty, powers, sandwich } from './transforms.ts';

/** Centre of the narrower, better funnel, in every coordinate of x̂. */
const BETTER = 2.5;

/**
 * f24(x) = min(sum_i (x̂_i - m0)², n + s sum_i (x̂_i - m1)²) + 10 (n - sum_i cos(2 pi z_i)) + 10^4 f_pen(x),
 * x̂ = 2 sign(x_opt) x, z = R Lambda^100 Q (x̂ - m0), m0 = 2.5, m1 = -sqrt((m0² - 1)/s), s = 1 - 1/(2 sqrt(n + 20) - 8.2)
 *
 * x_opt,i = ±1.25.
 *
 * @see Hansen et al. (2009), RR-6829, function 24 (there Q and R the other way round)
 */
export const f24: BbobFunction = {
  id: 24,
  title: 'Lunacek bi-Rastrigin',
  create(draws) {
    const n = draws.dimension;
    const xopt = normals(n, draws.seed).map((drawn) => (drawn < 0 ? -0.5 : 0.5) * BETTER);
    const matrix = sandwich(draws.r(), powers(10, n), draws.q());
    const s = 1 - 0.5 / (Math.sqrt(n + 20) - 4.1);
    const worse = -Math.sqrt((BETTER * BETTER - 1) / s);
    const shifted = new Float64Array(n);
    const z = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        let fromBetter = 0;
        let fromWorse = 0;
        for (let i = 0; i < n; i++) {
          const hat = xopt[i]! < 0 ? -2 * x[i]! : 2 * x[i]!;
          const away = hat - BETTER;
          shifted[i] = away;
          fromBetter += away * away;
          fromWorse += (hat - worse) * (hat - worse);
        }
        multiply(matrix, shifted, z);
        let cosines = 0;
        for (let i = 0; i < n; i++) cosines += Math.cos(2 * Math.PI * z[i]!);
        return Math.min(fromBetter, n + s * fromWorse) + 10 * (n - cosines) + 1e4 * penalty(x);
      },
    };
  },
};
