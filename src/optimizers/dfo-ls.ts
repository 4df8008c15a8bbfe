import type { OptimizerComponent } from './contract.ts';
import { dfoLsMethod } from './dfo-ls/method.ts';
import type { TrustRegionOptions } from './trust-region/options.ts';
import { trustRegion } from './trust-region/optimizer.ts';

/**
 * Gauss-Newton steps in a trust region, with residuals that are taken for linear between n + 1 points: as these are about as far apart as the region is
 * wide, noise spoils the model far less than it spoils differences. Where steps stop gaining what they should, it begins once more with
 * fresh points about the best one. See `trust-region/search.ts`.
 *
 * @see Cartis, Fiala, Marteau, Roberts (2019), Improving the flexibility and robustness of model-based derivative-free optimization solvers,
 *   ACM Trans. Math. Softw. 45(3), 32; arXiv:1804.00154
 */
export const dfoLs: OptimizerComponent<TrustRegionOptions> = trustRegion({
  name: 'dfo-ls',
  summary: 'least squares on noisy residuals: linear models of them in a trust region, without derivatives',
  maxRestarts: 5,
  restart: 'when noise keeps steps from gaining',
  uses: ['residuals'],
  method: dfoLsMethod,
});
