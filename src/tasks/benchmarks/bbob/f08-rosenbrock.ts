import type { BbobFunction } from './contract.ts';
import { rosenbrockOf, rosenbrockScale } from './rosenbrock.ts';

/**
 * f8(x) = sum_{i<n} 100 (z_i² - z_{i+1})² + (z_i - 1)², z = max(1, sqrt(n)/8) (x - x_opt) + 1
 *
 * x_opt is in [-3, 3]^n.
 *
 * @see Hansen et al. (2009), RR-6829, function 8
 */
export const f08: BbobFunction = {
  id: 8,
  title: 'Rosenbrock',
  create(draws) {
    const xopt = draws.xopt().map((value) => 0.75 * value);
    const scale = rosenbrockScale(draws.dimension);
    const z = new Float64Array(draws.dimension);
    return {
      xopt,
      evaluate(x) {
        for (let i = 0; i < z.length; i++) z[i] = scale * (x[i]! - xopt[i]!) + 1;
        return rosenbrockOf(z);
      },
    };
  },
};
