import { RandomStream } from '../../core/random.ts';
import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';

/**
 * f(x) = sum_i e_i |x_i - 1/i|, e_i drawn from [0, 1) in every evaluation
 *
 * Domain [-5, 5]^n; minimum f(1, 1/2, …, 1/n) = 0, whatever is drawn.
 *
 * @see Yang (2010), Engineering Optimization: An Introduction with Metaheuristic Applications, Wiley
 * @remarks The draws follow from the seed of the evaluation, so a reproducible run is one here too. GloMPO's documentation has the minimum at (1/n, …, 1/n).
 */
export const stochastic: Benchmark = classic({
  name: 'stochastic',
  summary: 'noise as large as the value: two evaluations of one point differ',
  dimensions: anyDimension(),
  create: (n) => ({
    bounds: cube(n, -5, 5),
    minimum: { x: Float64Array.from({ length: n }, (_, k) => 1 / (k + 1)), fx: 0 },
    isNoisy: true,
    evaluate(x, seed = 0) {
      const random = RandomStream.at(seed, 'benchmark-noise');
      let sum = 0;
      for (let k = 0; k < n; k++) sum += random.uniform() * Math.abs(x[k]! - 1 / (k + 1));
      return sum;
    },
  }),
});
