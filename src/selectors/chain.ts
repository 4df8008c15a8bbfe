import { CodedError } from '../core/errors.ts';
import { options } from '../core/options.ts';
import type { SelectorComponent } from './contract.ts';

export interface ChainOptions {
  /** After how many evaluations of the run each type gives way to the next: one number fewer than there are types, growing. */
  readonly thresholds: readonly number[];
}

/**
 * The types of the configuration in its order, each for a stage of the run.
 *
 * @remarks GloMPO's ChainSelector moves on by one type at a time, so that a type whose stage has passed while no slot was free is
 * still started once; here its stage is over. Its optional last threshold, after which nothing is started any more, is not a selector's
 * business.
 */
export const chain: SelectorComponent<ChainOptions> = {
  name: 'chain',
  summary: 'one optimizer type after the other, each until so many evaluations of the run',
  options: options(
    {
      thresholds: {
        description: 'after how many evaluations of the run each type but the last gives way to the next',
        type: 'array',
        items: { description: 'evaluations of the run', type: 'integer', minimum: 1 },
      },
    },
    ['thresholds'],
  ),
  fault({ thresholds }) {
    const grows = thresholds.every((threshold, i) => i === 0 || threshold > thresholds[i - 1]!);
    return grows ? undefined : 'thresholds must grow';
  },
  create({ thresholds }, { types }) {
    if (thresholds.length !== types - 1)
      throw new CodedError(
        'usage',
        `chain needs one threshold fewer than there are optimizer types: ${types - 1}, got ${thresholds.length}`,
      );
    return {
      revises: true,
      select: ({ evaluations }) => thresholds.filter((threshold) => threshold <= evaluations).length,
    };
  },
};
