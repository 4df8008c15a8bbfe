import type { BbobFunction } from './contract.ts';

/**
 * f1(x) = |z|², z = x - x_opt
 *
 * @see Hansen et al. (2009), RR-6829, function 1; COCO's C code for what instances are
 */
export const f01: BbobFunction = {
  id: 1,
  title: 'sphere',
  create(draws) {
    const xopt = draws.xopt();
    return {
      xopt,
      evaluate(x) {
        let sum = 0;
        for (let i = 0; i < x.length; i++) {
          const z = x[i]! - xopt[i]!;
          sum += z * z;
        }
        return sum;
      },
    };
  },
};
