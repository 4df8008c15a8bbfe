import { options } from '../core/options.ts';
import type { GeneratorComponent } from './contract.ts';
import { anywhere } from './points.ts';

/** Uniform over the box. */
export const random: GeneratorComponent<object> = {
  name: 'random',
  summary: 'a point drawn uniformly from the box',
  options: options({}),
  create(_options, { dimension }) {
    return { generate: (context) => anywhere(dimension, context.random) };
  },
};
