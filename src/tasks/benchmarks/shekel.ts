import type { Benchmark } from './contract.ts';
import { classic, cube } from './classic.ts';
import { polished } from './polished.ts';

/** Where the ten wells are, and what makes them shallow. */
const WELLS = [
  [4, 4, 4, 4, 0.1],
  [1, 1, 1, 1, 0.2],
  [8, 8, 8, 8, 0.2],
  [6, 6, 6, 6, 0.4],
  [3, 7, 3, 7, 0.4],
  [2, 9, 2, 9, 0.6],
  [5, 5, 3, 3, 0.3],
  [8, 1, 8, 1, 0.7],
  [6, 2, 6, 2, 0.5],
  [7, 3.6, 7, 3.6, 0.5],
] as const;

/**
 * f(x) = -sum_{k=1..m} 1 / (c_k + sum_i (x_i - a_ki)^2)
 *
 * Domain [0, 10]^n, n = 1 … 4; m wells, of 10. The minimum is in the first one, near (4, …, 4): for n = 4 -10.1532, -10.4029 and -10.5364 with
 * m = 5, 7 and 10. With fewer than four parameters wells are those of the first coordinates.
 *
 * @see Shekel (1971), Test functions for multimodal search techniques, 5th Annual Princeton Conference on Information Science and Systems; constants as in Dixon & Szegö (1978), Towards Global Optimisation 2
 * @remarks GloMPO has the domain [-32.768, 32.768], -10.6 as every minimum, and for m = 5 another c_5, 0.6.
 */
export const shekel: Benchmark = classic<{ readonly wells: number }>({
  name: 'shekel',
  summary: 'narrow wells of different depths in a plain',
  dimensions: { min: 1, max: 4 },
  options: {
    wells: { description: 'how many wells it has', type: 'integer', minimum: 1, maximum: 10, default: 10 },
  },
  create(n, { wells }) {
    const evaluate = (x: Float64Array): number => {
      let sum = 0;
      for (let k = 0; k < wells; k++) {
        const well = WELLS[k]!;
        let square = well[4];
        for (let i = 0; i < n; i++) square += (x[i]! - well[i as 0]) ** 2;
        sum -= 1 / square;
      }
      return sum;
    };
    const starts = WELLS.slice(0, wells).map((well) => Float64Array.from(well.slice(0, n)));
    const bounds = cube(n, 0, 10);
    return { bounds, minimum: polished(evaluate, bounds, starts, 0.1), evaluate };
  },
});
