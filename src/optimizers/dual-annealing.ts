import type { OptimizerComponent } from './contract.ts';
import { DualAnnealing } from './dual-annealing/annealing.ts';
import {
  dualAnnealingSchema,
  resolveDualAnnealing,
  type DualAnnealingOptions,
} from './dual-annealing/options.ts';
import { Staged } from './staged.ts';

export type { DualAnnealingOptions } from './dual-annealing/options.ts';

export const dualAnnealing: OptimizerComponent<DualAnnealingOptions> = {
  name: 'dual-annealing',
  summary:
    'generalized simulated annealing with quasi-Newton descents: for smooth functions with many far minima',
  options: dualAnnealingSchema,
  create(given, { dimension, start, steps, random }) {
    const options = resolveDualAnnealing(given);
    return new Staged({
      type: 'dual-annealing',
      version: 3,
      dimension,
      batchSize: options.chains,
      random,
      create: (stream) => DualAnnealing.begin(options, start, steps, stream),
      load: (reader, stream) => DualAnnealing.load(reader, options, steps, stream),
    });
  },
};
