import { type BobyqaOptions, bobyqaFault, bobyqaSchema, resolveBobyqa } from './bobyqa/options.ts';
import { Bobyqa, type BobyqaSetup } from './bobyqa/search.ts';
import type { OptimizerComponent } from './contract.ts';
import { Staged } from './staged.ts';

export type { BobyqaOptions } from './bobyqa/options.ts';

const TYPE = 'bobyqa';
const VERSION = 1;

/** See `bobyqa/search.ts`. */
export const bobyqa: OptimizerComponent<BobyqaOptions> = {
  name: TYPE,
  summary:
    'a quadratic model in a trust region: few evaluations to the nearest minimum, with a little noise too',
  options: bobyqaSchema,
  fault: bobyqaFault,
  create(options, { dimension, start, steps, random }) {
    const setup: BobyqaSetup = { dimension, start, steps, options: resolveBobyqa(options) };
    return new Staged({
      type: TYPE,
      version: VERSION,
      dimension,
      batchSize: 1,
      random,
      create: (stream) => new Bobyqa(setup, stream),
      load: (reader, stream) => Bobyqa.load(reader, setup, stream),
    });
  },
};
