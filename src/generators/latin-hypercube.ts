import { options } from '../core/options.ts';
import { RandomStream } from '../core/random.ts';
import { permutation } from '../core/sequences/permutation.ts';
import type { GeneratorComponent } from './contract.ts';

export interface LatinHypercubeOptions {
  /** How many starts make one hypercube; the next ones make another. @default 16 */
  readonly points: number;
}

/**
 * Start k is a row of a latin hypercube of `points` rows: among them, each of the `points` equal slices of each parameter's range has
 * exactly one start.
 *
 * @see McKay, Beckman, Conover (1979), A comparison of three methods for selecting values of input variables, Technometrics 21, 239
 */
export const latinHypercube: GeneratorComponent<LatinHypercubeOptions> = {
  name: 'latin-hypercube',
  summary: 'every so many starts hit each slice of each range once',
  options: options({
    points: {
      description: 'how many starts make one hypercube; the next ones make another',
      type: 'integer',
      minimum: 1,
      maximum: 65_536,
      default: 16,
    },
  }),
  create({ points }, { dimension, seed }) {
    return {
      generate({ optimizerId, random }) {
        const row = (optimizerId - 1) % points;
        const block = (optimizerId - 1 - row) / points;
        return Float64Array.from({ length: dimension }, (_, coordinate) => {
          const slices = RandomStream.at(seed, 'generator/latin-hypercube', block, coordinate);
          return (permutation(points, slices)[row]! + random.uniform()) / points;
        });
      },
    };
  },
};
