import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `optimizers-converged: 3`. */
export interface OptimizersConvergedOptions {
  readonly optimizers: number;
}

/** So many optimizers ended by their own convergence; those killed or stopped do not count. */
export const optimizersConverged: CheckerComponent<OptimizersConvergedOptions> = {
  name: 'optimizers-converged',
  summary: 'so many optimizers have converged',
  options: options(
    {
      optimizers: {
        description: 'optimizers that ended by their own convergence',
        type: 'integer',
        minimum: 1,
      },
    },
    ['optimizers'],
  ),
  create({ optimizers }): Checker {
    return {
      name: optimizersConverged.name,
      examine({ optimizers: { converged } }) {
        const holds = converged >= optimizers;
        return { holds, detail: `${converged} converged ${holds ? '>=' : '<'} ${optimizers}` };
      },
    };
  },
};
