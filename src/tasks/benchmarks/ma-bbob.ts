import { options } from '../../core/options.ts';
import { uniforms } from './bbob/draws.ts';
import { bbobFunctions, bbobProblem } from './bbob/functions.ts';
import { cube } from './classic.ts';
import type { Benchmark } from './contract.ts';

interface MaBbobOptions {
  readonly dimension: number;
  /** @default 1 */
  readonly instance: number;
}

/** By how many decades the values of each function spread: they are brought to a common scale by it. */
const SCALES = [
  11, 17.5, 12.3, 12.6, 11.5, 15.3, 12.1, 15.3, 15.2, 17.4, 13.4, 20.4, 12.9, 10.4, 12.3, 10.3, 9.8, 10.6, 10,
  14.7, 10.7, 10.8, 9, 12.1,
] as const;
/** Functions with a smaller draw than this have no part in the combination, but for the two with the largest draws. */
const THRESHOLD = 0.85;
/** Differences from a minimum are brought to this range before their logarithm is taken. */
const LEAST = 1e-12;
const LARGEST = 1e20;

/**
 * f(x) = 10^(10 sum_i w_i (lg(f_i(x - x_opt + x_i) - f_i(x_i)) + 8) / s_i - 8), the f_i those of BBOB with their minima x_i
 *
 * Domain [-5, 5]^n; the minimum is at x_opt, drawn from [-4, 4]^n, with a value that depends on the weights: about 10^-11, for differences below
 * 1e-12 count as 1e-12. Instances are those of IOHexperimenter: x_opt is drawn with seed 1000 + instance, the weights with seed
 * 2000 + instance by the generator of BBOB, and all f_i have that instance. A weight below 0.85 is 0 (the two largest are made 0.85 if
 * they are below); then they are divided by their sum.
 *
 * @see Vermetten, Ye, Bäck, Doerr (2025), MA-BBOB: a problem generator for black-box optimization using affine combinations and shifts, ACM Trans. Evol. Learn. Optim. 5:1, arXiv:2312.11083
 */
export const maBbob: Benchmark<MaBbobOptions> = {
  name: 'ma-bbob',
  summary: 'combinations of BBOB functions: as many problems as one likes',
  options: options(
    {
      dimension: { description: 'how many parameters it has', type: 'integer', minimum: 2, maximum: 40 },
      instance: {
        description: 'which problem',
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
      },
    },
    ['dimension'],
  ),
  create({ dimension, instance }) {
    const xopt = uniforms(dimension, 1000 + instance).map((drawn) => 8 * drawn - 4);
    const parts = [...weightsOf(instance)].flatMap((weight, i) => {
      if (weight === 0) return [];
      const { problem } = bbobProblem(bbobFunctions[i]!.id, dimension, instance);
      return [{ ...problem, factor: weight / SCALES[i]!, moved: problem.xopt.map((at, k) => at - xopt[k]!) }];
    });
    const point = new Float64Array(dimension);
    const evaluate = (x: Float64Array): number => {
      let exponent = 0;
      for (const part of parts) {
        for (let k = 0; k < dimension; k++) point[k] = x[k]! + part.moved[k]!;
        const difference = Math.min(LARGEST, Math.max(LEAST, part.evaluate(point)));
        exponent += part.factor * (Math.log10(difference) + 8);
      }
      return 10 ** (10 * exponent - 8);
    };
    return { bounds: cube(dimension, -5, 5), minimum: { x: xopt, fx: evaluate(xopt) }, evaluate };
  },
};

/** By function; their sum is 1. */
function weightsOf(instance: number): Float64Array {
  const draws = uniforms(bbobFunctions.length, 2000 + instance);
  const second = draws.toSorted().at(-2)!;
  const kept = draws.map((draw) =>
    draw >= second ? Math.max(draw, THRESHOLD) : draw < THRESHOLD ? 0 : draw,
  );
  const sum = kept.reduce((total, weight) => total + weight, 0);
  return kept.map((weight) => weight / sum);
}
