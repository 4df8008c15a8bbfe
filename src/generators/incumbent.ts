import { options } from '../core/options.ts';
import type { GeneratorComponent } from './contract.ts';
import { anywhere } from './points.ts';

/** The best point of the run; a random one while there is none. */
export const incumbent: GeneratorComponent<object> = {
  name: 'incumbent',
  summary: 'the best point of the run so far; a random one while there is none',
  options: options({}),
  create(_options, { dimension }) {
    return {
      generate: (context) => context.incumbent?.point.slice() ?? anywhere(dimension, context.random),
    };
  },
};
