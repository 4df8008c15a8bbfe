import type { OptimizerComponent } from './contract.ts';
import { dfoLsMethod } from './dfo-ls/method.ts';
import { dfoLsFault, type DfoLsOptions, dfoLsSchema, resolveDfoLs } from './dfo-ls/options.ts';
import { Staged } from './staged.ts';
import type { SearchSetup } from './trust-region/contract.ts';
import { TrustRegionSearch } from './trust-region/search.ts';

export type { DfoLsOptions } from './dfo-ls/options.ts';

const TYPE = 'dfo-ls';
const VERSION = 1;

/**
 * Gauss-Newton steps in a trust region, with residuals that are taken for linear between n + 1 points: as these are about as far apart as the region is
 * wide, noise spoils the model far less than it spoils differences. Where steps stop gaining what they should, it begins once more with
 * fresh points about the best one. See `trust-region/search.ts`.
 *
 * @see Cartis, Fiala, Marteau, Roberts (2019), Improving the flexibility and robustness of model-based derivative-free optimization solvers,
 *   ACM Trans. Math. Softw. 45(3), 32; arXiv:1804.00154
 */
export const dfoLs: OptimizerComponent<DfoLsOptions> = {
  name: TYPE,
  summary: 'least squares on noisy residuals: linear models of them in a trust region, without derivatives',
  options: dfoLsSchema,
  fault: dfoLsFault,
  create(options, { dimension, start, steps, random }) {
    const setup: SearchSetup = {
      dimension,
      start,
      method: dfoLsMethod(dimension, steps),
      options: resolveDfoLs(options),
    };
    return new Staged({
      type: TYPE,
      version: VERSION,
      dimension,
      batchSize: 1,
      uses: ['residuals'],
      random,
      create: (stream) => new TrustRegionSearch(setup, stream),
      load: (reader, stream) => TrustRegionSearch.load(reader, setup, stream),
    });
  },
};
