import { multiply } from '../orthogonal.ts';
import type { BbobFunction, BbobProblem } from './contract.ts';
import type { Draws } from './draws.ts';
import { penalty, powers, scaleRows, skew, subtract } from './transforms.ts';

/**
 * f17(x) = (1/(n-1) sum_{i<n} sqrt(s_i) (1 + sin²(50 s_i^(1/5))))² + 10 f_pen(x), s_i = sqrt(z_i² + z_{i+1}²),
 * z = Lambda^10 Q T_asy^0.5(R (x - x_opt))
 *
 * @see Hansen et al. (2009), RR-6829, function 17
 */
export const f17: BbobFunction = {
  id: 17,
  title: 'Schaffers F7',
  create: (draws) => schaffers(draws, 10),
};

/** @param conditioning alpha of Lambda^alpha: 10 for function 17, 1000 for 18 */
export function schaffers(draws: Draws, conditioning: number): BbobProblem {
  const n = draws.dimension;
  const xopt = draws.xopt();
  const rotation = draws.r();
  const matrix = scaleRows(powers(Math.sqrt(conditioning), n), draws.q());
  const shifted = new Float64Array(n);
  const rotated = new Float64Array(n);
  return {
    xopt,
    evaluate(x) {
      subtract(x, xopt, shifted);
      multiply(rotation, shifted, rotated);
      skew(rotated, 0.5);
      multiply(matrix, rotated, shifted);
      let sum = 0;
      for (let i = 0; i + 1 < n; i++) {
        const square = shifted[i]! * shifted[i]! + shifted[i + 1]! * shifted[i + 1]!;
        const wave = Math.sin(50 * square ** 0.1);
        sum += Math.sqrt(Math.sqrt(square)) * (1 + wave * wave);
      }
      const mean = sum / (n - 1);
      return mean * mean + 10 * penalty(x);
    },
  };
}
