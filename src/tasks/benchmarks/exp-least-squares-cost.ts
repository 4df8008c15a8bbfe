import { RandomStream } from '../../core/random.ts';
import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';

interface ExpLeastSquaresOptions {
  /** How many values are fitted. @default 10 */
  readonly points: number;
  /** Of the true parameters and of where values were taken. @default 0 */
  readonly seed: number;
  /** Every residual is multiplied by 1 + a number drawn from [-noise, noise] in each evaluation. @default 0 */
  readonly noise: number;
}

/** Values are taken at random places of [0, LARGEST_U]. */
const LARGEST_U = 10;

/**
 * f(x) = sum_k (g(x, u_k) - g(p, u_k))^2, g(x, u) = sum_i exp(-x_i u)
 *
 * Domain [-2, 2]^n; minimum f(p) = 0, and the same at all permutations of p. The p_i are drawn from [-2, 2], the u_k from [0, 10].
 *
 * @see Freitas Gustavo & Verstraelen (2022), GloMPO, J. Cheminform. 14:7, where it is its own
 * @remarks With noise r_k becomes r_k (1 + e), one e an evaluation: the minimum keeps its place and value.
 */
export const expLeastSquaresCost: Benchmark = classic<ExpLeastSquaresOptions>({
  name: 'exp-least-squares-cost',
  summary: 'a sum of exponentials fitted: a flat valley between very high walls',
  dimensions: anyDimension(),
  options: {
    points: {
      description: 'how many values are fitted',
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: 10,
    },
    seed: {
      description: 'of the true parameters',
      type: 'integer',
      minimum: 0,
      default: 0,
    },
    noise: {
      description: 'by which part of itself each evaluation may change the residuals',
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0,
    },
  },
  create(n, { points, seed, noise }) {
    const random = RandomStream.at(seed, 'exp-least-squares-cost');
    const truth = Float64Array.from({ length: n }, () => 4 * random.uniform() - 2);
    const places = Float64Array.from({ length: points }, () => LARGEST_U * random.uniform());
    const targets = places.map((u) => model(truth, u));
    const residuals = (x: Float64Array): Float64Array => places.map((u, k) => model(x, u) - targets[k]!);
    return {
      bounds: cube(n, -2, 2),
      minimum: { x: truth, fx: 0 },
      ...(noise > 0 ? { isNoisy: true } : { residuals }),
      evaluate(x, evaluationSeed = 0) {
        const factor =
          noise === 0
            ? 1
            : 1 + noise * (2 * RandomStream.at(evaluationSeed, 'benchmark-noise').uniform() - 1);
        let sum = 0;
        for (let k = 0; k < points; k++) sum += (factor * (model(x, places[k]!) - targets[k]!)) ** 2;
        return sum;
      },
    };
  },
});

function model(x: Float64Array, u: number): number {
  let sum = 0;
  for (const xi of x) sum += Math.exp(-xi * u);
  return sum;
}
