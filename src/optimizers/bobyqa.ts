import { bobyqaMethod } from './bobyqa/method.ts';
import type { OptimizerComponent } from './contract.ts';
import type { TrustRegionOptions } from './trust-region/options.ts';
import { trustRegion } from './trust-region/optimizer.ts';

/**
 * A quadratic through 2 n + 1 points changes as little as can be with each new one (in the Frobenius norm of its second derivatives), and is minimized
 * where it can be trusted. A failed evaluation is taken for a value worse than all others. See `trust-region/search.ts`.
 *
 * @see Powell (2009), The BOBYQA algorithm for bound constrained optimization without derivatives, DAMTP 2009/NA06
 */
export const bobyqa: OptimizerComponent<TrustRegionOptions> = trustRegion({
  name: 'bobyqa',
  summary:
    'a quadratic model in a trust region: few evaluations to the nearest minimum, with a little noise too',
  maxRestarts: 3,
  restart: 'when the model has been of little use in the end',
  method: bobyqaMethod,
});
