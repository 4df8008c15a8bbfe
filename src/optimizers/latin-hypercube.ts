import { options } from '../core/options.ts';
import { RandomStream } from '../core/random.ts';
import { permutation } from '../core/sequences/permutation.ts';
import type { OptimizerComponent } from './contract.ts';
import { Sampling, type Sequence } from './sampling.ts';

const TYPE = 'latin-hypercube';

/** What may be written under `latin-hypercube`. */
export interface LatinHypercubeSamplingOptions {
  /**
   * Points of one hypercube.
   *
   * @default 10 n
   */
  readonly points?: number;
  /**
   * How many hypercubes, one after the other.
   *
   * @default without end
   */
  readonly hypercubes?: number;
}

/**
 * Latin hypercubes: among the points of one, each of the equal slices of each parameter's range has exactly one.
 *
 * @see McKay, Beckman, Conover (1979), A comparison of three methods for selecting values of input variables, Technometrics 21, 239
 * @see Loeppky, Sacks, Welch (2009), Choosing the sample size of a computer experiment, Technometrics 51, 366: ten points a parameter
 */
export const latinHypercube: OptimizerComponent<LatinHypercubeSamplingOptions> = {
  name: TYPE,
  summary: 'latin hypercubes: every so many points hit each slice of each range once',
  options: options({
    points: {
      type: 'integer',
      minimum: 1,
      maximum: 65_536,
      description: 'Points of one hypercube; default 10 n.',
    },
    hypercubes: {
      type: 'integer',
      minimum: 1,
      description: 'How many hypercubes, one after the other; default without end.',
    },
  }),
  create({ points, hypercubes = Infinity }, context) {
    const { dimension } = context;
    const size = points ?? Math.min(65_536, 10 * dimension);
    return new Sampling(
      {
        type: TYPE,
        version: 2,
        batchSize: size,
        sequence: (seed) => hypercubesOf(size, dimension, size * hypercubes, seed),
      },
      context,
    );
  },
};

function hypercubesOf(size: number, dimension: number, length: number, seed: number): Sequence {
  let current = -1;
  let slices: readonly Int32Array[] = [];
  return {
    length,
    point(index) {
      const cube = Math.floor(index / size);
      if (cube !== current) {
        const shuffled = RandomStream.at(seed, `optimizer/${TYPE}/slices`, cube);
        slices = Array.from({ length: dimension }, () => permutation(size, shuffled));
        current = cube;
      }
      const within = RandomStream.at(seed, `optimizer/${TYPE}/within`, index);
      return Float64Array.from(slices, (order) => (order[index % size]! + within.uniform()) / size);
    },
  };
}
