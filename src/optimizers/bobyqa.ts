import { type BobyqaOptions, bobyqaFault, bobyqaSchema, resolveBobyqa } from './bobyqa/options.ts';
import { bobyqaMethod } from './bobyqa/method.ts';
import type { OptimizerComponent } from './contract.ts';
import { TrustRegionSearch } from './trust-region/search.ts';
import type { SearchSetup } from './trust-region/contract.ts';
import { Staged } from './staged.ts';

export type { BobyqaOptions } from './bobyqa/options.ts';

const TYPE = 'bobyqa';
const VERSION = 1;

/**
 * A quadratic through 2 n + 1 points changes as little as can be with each new one (in the Frobenius norm of its second derivatives), and is minimized
 * where it can be trusted. A failed evaluation is taken for a value worse than all others. See `trust-region/search.ts`.
 *
 * @see Powell (2009), The BOBYQA algorithm for bound constrained optimization without derivatives, DAMTP 2009/NA06
 */
export const bobyqa: OptimizerComponent<BobyqaOptions> = {
  name: TYPE,
  summary:
    'a quadratic model in a trust region: few evaluations to the nearest minimum, with a little noise too',
  options: bobyqaSchema,
  fault: bobyqaFault,
  create(options, { dimension, start, steps, random }) {
    const setup: SearchSetup = {
      dimension,
      start,
      method: bobyqaMethod(dimension, steps),
      options: resolveBobyqa(options),
    };
    return new Staged({
      type: TYPE,
      version: VERSION,
      dimension,
      batchSize: 1,
      random,
      create: (stream) => new TrustRegionSearch(setup, stream),
      load: (reader, stream) => TrustRegionSearch.load(reader, setup, stream),
    });
  },
};
