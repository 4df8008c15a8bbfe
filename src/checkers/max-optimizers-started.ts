import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `max-optimizers-started: 40`. */
export interface MaxOptimizersStartedOptions {
  readonly optimizers: number;
}

/** @remarks As in GloMPO the run ends with the start of the last one, which hardly gets to work; `all` with a second checker gives it time. */
export const maxOptimizersStarted: CheckerComponent<MaxOptimizersStartedOptions> = {
  name: 'max-optimizers-started',
  summary: 'so many optimizers were started; the last one hardly gets to work',
  options: options(
    { optimizers: { description: 'optimizers started in the run', type: 'integer', minimum: 1 } },
    ['optimizers'],
  ),
  create({ optimizers }): Checker {
    return {
      name: maxOptimizersStarted.name,
      examine({ optimizers: { started } }) {
        const holds = started >= optimizers;
        return { holds, detail: `${started} started ${holds ? '>=' : '<'} ${optimizers}` };
      },
    };
  },
};
