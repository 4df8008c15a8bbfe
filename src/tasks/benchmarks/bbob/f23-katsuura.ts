import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { penalty, powers, sandwich, subtract } from './transforms.ts';

/** sum_{j=1..32} |2^j z - [2^j z]| / 2^j, [] for the next integer: rough at every scale. */
function roughness(z: number): number {
  let sum = 0;
  for (let j = 1, scale = 2; j <= 32; j++, scale *= 2) {
    const scaled = scale * z;
    sum += Math.abs(scaled - Math.floor(scaled + 0.5)) / scale;
  }
  return sum;
}

/**
 * f23(x) = 10/n² (prod_i (1 + i sum_{j=1..32} |2^j z_i - [2^j z_i]| / 2^j)^(10/n^1.2) - 1) + f_pen(x), z = R Lambda^100 Q (x - x_opt)
 *
 * @see Hansen et al. (2009), RR-6829, function 23 (there Q and R the other way round)
 */
export const f23: BbobFunction = {
  id: 23,
  title: 'Katsuura',
  create(draws) {
    const n = draws.dimension;
    const xopt = draws.xopt();
    const matrix = sandwich(draws.r(), powers(10, n), draws.q());
    const exponent = 10 / n ** 1.2;
    const shifted = new Float64Array(n);
    const z = new Float64Array(n);
    return {
      xopt,
      evaluate(x) {
        subtract(x, xopt, shifted);
        multiply(matrix, shifted, z);
        let product = 1;
        for (let i = 0; i < n; i++) product *= (1 + (i + 1) * roughness(z[i]!)) ** exponent;
        return (10 / n / n) * (product - 1) + penalty(x);
      },
    };
  },
};
