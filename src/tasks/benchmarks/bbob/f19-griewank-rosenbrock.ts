import { multiply } from '../orthogonal.ts';
import type { BbobFunction } from './contract.ts';
import { columnSums } from './f09-rosenbrock-rotated.ts';
import { rosenbrockScale } from './rosenbrock.ts';

/**
 * f19(x) = 10/(n-1) sum_{i<n} (s_i/4000 - cos(s_i)) + 10, s_i = 100 (z_i² - z_{i+1})² + (1 - z_i)²,
 * z = max(1, sqrt(n)/8) Q x + 1/2
 *
 * @see Hansen et al. (2009), RR-6829, function 19 (there R for Q)
 */
export const f19: BbobFunction = {
  id: 19,
  title: 'Griewank-Rosenbrock F8F2',
  create(draws) {
    const n = draws.dimension;
    const scale = rosenbrockScale(n);
    const rotation = draws.q().map((value) => scale * value);
    const z = new Float64Array(n);
    return {
      xopt: columnSums(rotation, n).map((sum) => sum / (2 * scale * scale)),
      evaluate(x) {
        multiply(rotation, x, z);
        let sum = 0;
        for (let i = 0; i + 1 < n; i++) {
          const zi = z[i]! + 0.5;
          const across = zi * zi - (z[i + 1]! + 0.5);
          const along = 1 - zi;
          const s = 100 * across * across + along * along;
          sum += s / 4000 - Math.cos(s);
        }
        return 10 + (10 * sum) / (n - 1);
      },
    };
  },
};
