import { options } from '../../core/options.ts';
import { bbobProblem } from './bbob/functions.ts';
import { cube } from './classic.ts';
import type { Benchmark } from './contract.ts';

interface BbobOptions {
  readonly function: number;
  readonly dimension: number;
  /** @default 1 */
  readonly instance: number;
}

/** COCO's noiseless suite has no more; its draws would differ beyond. */
const LARGEST_DIMENSION = 40;

/**
 * The 24 noiseless functions of the Black-Box Optimization Benchmarking suite, with the instances of COCO: same matrices, same minima, same values.
 *
 * Domain [-5, 5]^n, n = 2 … 40; the minimum and its value are drawn by instance. The formula of each stands in its own file.
 *
 * @see Hansen, Finck, Ros, Auger (2009), Real-parameter black-box optimization benchmarking 2009: noiseless functions definitions, INRIA RR-6829
 * @see Hansen et al. (2021), COCO: a platform for comparing continuous optimizers in a black-box setting, Optim. Methods Softw. 36:114
 */
export const bbob: Benchmark<BbobOptions> = {
  name: 'bbob',
  summary: 'the 24 noiseless functions of COCO, with instances',
  options: options(
    {
      function: { description: 'the number of the function', type: 'integer', minimum: 1, maximum: 24 },
      dimension: {
        description: 'how many parameters it has',
        type: 'integer',
        minimum: 2,
        maximum: LARGEST_DIMENSION,
      },
      instance: {
        description: 'which of its instances',
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
      },
    },
    ['function', 'dimension'],
  ),
  create({ function: id, dimension, instance }) {
    const { problem, fopt } = bbobProblem(id, dimension, instance);
    return {
      bounds: cube(dimension, -5, 5),
      minimum: { x: problem.xopt, fx: fopt },
      evaluate: (x) => problem.evaluate(x) + fopt,
    };
  },
};
