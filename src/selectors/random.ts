import { options } from '../core/options.ts';
import type { SelectorComponent } from './contract.ts';

/** Any of the types, each equally likely. */
export const random: SelectorComponent<object> = {
  name: 'random',
  summary: 'an optimizer type drawn at random, all equally likely',
  options: options({}),
  create() {
    return { select: (context) => context.random.integer(context.types.length) };
  },
};
