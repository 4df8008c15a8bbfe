import { options } from '../core/options.ts';
import type { SelectorComponent } from './contract.ts';

/** One after the other, in the order of the configuration, over and over. */
export const cycle: SelectorComponent<object> = {
  name: 'cycle',
  summary: 'one optimizer type after the other, in the order of the configuration',
  options: options({}),
  create() {
    return { select: ({ types, optimizerId }) => (optimizerId - 1) % types.length };
  },
};
