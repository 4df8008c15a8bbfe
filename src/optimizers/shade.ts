import type { OptimizerComponent } from './contract.ts';
import { resolveShade, shadeSchema, type ShadeOptions } from './shade/options.ts';
import { Shade } from './shade/search.ts';
import { Staged } from './staged.ts';

export type { ShadeOptions } from './shade/options.ts';

export const shade: OptimizerComponent<ShadeOptions> = {
  name: 'shade',
  summary:
    'differential evolution that learns its own settings: for many local minima, kinks and plateaus, with evaluations to spend',
  options: shadeSchema,
  restarts: ({ restarts = 0 }) => restarts > 0,
  create(given, { dimension, start, random }) {
    const options = resolveShade(given, dimension);
    return new Staged({
      type: 'shade',
      version: 3,
      dimension,
      random,
      create: (stream) => Shade.begin(options, start, stream),
      load: (reader, stream) => Shade.load(reader, options, dimension, stream),
    });
  },
};
