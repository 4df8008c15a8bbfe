import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';
import { leastOf } from './least.ts';

type Style = 'product' | 'sine' | 'cosine';

/** sum_j j cos((j + 1) x + j), j = 1 … 5 */
function cosines(x: number): number {
  let sum = 0;
  for (let j = 1; j <= 5; j++) sum += j * Math.cos((j + 1) * x + j);
  return sum;
}

/** sum_j j sin((j + 1) x + j), j = 1 … 5 */
function sines(x: number): number {
  let sum = 0;
  for (let j = 1; j <= 5; j++) sum += j * Math.sin((j + 1) * x + j);
  return sum;
}

/** Where a factor is least, -12.87, and where it is largest, 14.51; where a sum of sines is least. */
const extremes: { least?: number; largest?: number; sine?: number } = {};

/**
 * product: f(x) = prod_i sum_{j=1..5} j cos((j + 1) x_i + j); sine, cosine: f(x) = sum_i sum_{j=1..5} j sin or cos((j + 1) x_i + j)
 *
 * Domain [-10, 10]^n. The minimum of the product has one factor at its least value and all others at their largest: -186.7309 for n = 2, at
 * n 3^n points. That of the sums is the least term n times: -14.8379… n for sines, -12.8709… n for cosines, at 3^n points.
 *
 * @see Shubert (1972), A sequential method seeking the global maximum of a function, SIAM J. Numer. Anal. 9, 379; as a product: Levy and Montalvo (1985)
 * @see Jamil & Yang (2013), A literature survey of benchmark functions for global optimisation problems, Shubert 3 and 4, which are the sums
 * @remarks GloMPO states -24.06 for sines and -29.02 for cosines in 2-D: the least values are -29.68 and -25.74.
 */
export const shubert: Benchmark = classic<{ readonly style: Style }>({
  name: 'shubert',
  summary: 'a product of waves: many best minima among very many others',
  dimensions: anyDimension(),
  options: {
    style: {
      description: 'how the waves of the coordinates are put together: multiplied, or added',
      enum: ['product', 'sine', 'cosine'],
      default: 'product',
    },
  },
  create(n, { style }) {
    const evaluate = STYLES[style];
    const x = new Float64Array(n);
    if (style === 'sine') x.fill((extremes.sine ??= leastOf(sines, -10, 10, 4001)));
    else {
      x.fill((extremes.least ??= leastOf(cosines, -10, 10, 4001)));
      if (style === 'product')
        x.fill((extremes.largest ??= leastOf((value) => -cosines(value), -10, 10, 4001)), 1);
    }
    return { bounds: cube(n, -10, 10), minimum: { x, fx: evaluate(x) }, evaluate };
  },
});

const STYLES: Readonly<Record<Style, (x: Float64Array) => number>> = {
  product: (x) => x.reduce((product, xi) => product * cosines(xi), 1),
  sine: (x) => x.reduce((sum, xi) => sum + sines(xi), 0),
  cosine: (x) => x.reduce((sum, xi) => sum + cosines(xi), 0),
};
