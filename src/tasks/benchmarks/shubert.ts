import { anyDimension, type Benchmark, cube } from './contract.ts';
import { leastOf } from './least.ts';

function factor(x: number): number {
  let sum = 0;
  for (let j = 1; j <= 5; j++) sum += j * Math.cos((j + 1) * x + j);
  return sum;
}

/** Where one factor is least, -12.87, and where it is largest, 14.51. */
let extremes: { readonly least: number; readonly largest: number } | undefined;

/**
 * f(x) = prod_i sum_{j=1..5} j cos((j + 1) x_i + j)
 *
 * Domain [-10, 10]^n; the minimum has one factor at its least value and all others at their largest: -186.7309 for n = 2. It is reached at
 * n 3^n points.
 *
 * @see Shubert (1972), A sequential method seeking the global maximum of a function, SIAM J. Numer. Anal. 9, 379; as a product: Levy and Montalvo (1985)
 */
export const shubert: Benchmark = {
  name: 'shubert',
  summary: 'a product of waves: many best minima among very many others',
  dimensions: anyDimension(),
  bounds: cube(-10, 10),
  minimum(dimension) {
    extremes ??= {
      least: leastOf(factor, -10, 10, 4001),
      largest: leastOf((x) => -factor(x), -10, 10, 4001),
    };
    const x = new Float64Array(dimension).fill(extremes.largest);
    x[0] = extremes.least;
    return { x, fx: shubert.evaluate(x) };
  },
  evaluate(x) {
    let product = 1;
    for (const xi of x) product *= factor(xi);
    return product;
  },
};
