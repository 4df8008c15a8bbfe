import { options } from '../core/options.ts';
import { SOBOL_LENGTH, sobolPoint } from '../core/sequences/sobol.ts';
import type { OptimizerComponent } from './contract.ts';
import { Sampling } from './sampling.ts';

/** What may be written under `sobol`. */
export interface SobolOptions {
  /**
   * How many points are left out at the beginning of the sequence.
   *
   * @default 0
   */
  readonly skip?: number;
}

/** The points of a scrambled Sobol sequence (`core/sequences/sobol.ts`), of which each seed has its own. */
export const sobol: OptimizerComponent<SobolOptions> = {
  name: 'sobol',
  summary: 'points of a scrambled Sobol sequence, without end: they fill the box evenly, whenever one stops',
  options: options({
    skip: {
      type: 'integer',
      minimum: 0,
      maximum: 2 ** 31,
      default: 0,
      description: 'How many points are left out at the beginning of the sequence.',
    },
  }),
  create: ({ skip = 0 }, context) =>
    new Sampling(
      {
        type: 'sobol',
        version: 2,
        batchSize: 1,
        sequence: (seed) => ({
          length: SOBOL_LENGTH - skip,
          point: (index) => sobolPoint(skip + index, context.dimension, seed, 'optimizer/sobol'),
        }),
      },
      context,
    ),
};
