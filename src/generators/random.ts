import { options } from '../core/options.ts';
import type { GeneratorComponent } from './contract.ts';

/** Uniform over the box. */
export const random: GeneratorComponent<object> = {
  name: 'random',
  summary: 'a point drawn uniformly from the box',
  options: options({}),
  create() {
    return {
      generate: (context) => Float64Array.from({ length: context.dimension }, () => context.random.uniform()),
    };
  },
};
