import type { OptimizerComponent } from './contract.ts';
import { Staged } from './staged.ts';
import { resolveStep, stepSchema, type StepOptions } from './step/options.ts';
import { Step } from './step/search.ts';

export type { StepOptions } from './step/options.ts';

export const step: OptimizerComponent<StepOptions> = {
  name: 'step',
  summary:
    'a global line search in every coordinate: solves separable functions with very many minima, and stops soon on others',
  options: stepSchema,
  create(given, { dimension, start, steps, random }) {
    const options = resolveStep(given);
    return new Staged({
      type: 'step',
      version: 2,
      dimension,
      batchSize: dimension,
      random,
      create: (stream) => Step.begin(options, start, steps, stream),
      load: (reader, stream) => Step.load(reader, options, steps, stream),
    });
  },
};
