import type { JsonObject } from '../../core/json.ts';
import { options } from '../../core/options.ts';
import type { OutsideOptimizer } from './contract.ts';
import { locatedPython, passedOn, type PythonOptions, pythonSchema } from './options.ts';

export interface PycmaOptions extends PythonOptions {
  /** The first step size, as a part of the box. @default 0.25 */
  readonly sigma0: number;
  /** Passed on to `cma.CMAEvolutionStrategy`. @default pycma's own */
  readonly options?: JsonObject;
}

export const pycma: OutsideOptimizer<PycmaOptions> = {
  name: 'pycma',
  summary: 'CMA-ES as its authors wrote it, by the Python package cma',
  options: options({
    sigma0: {
      description: 'the first step size, as a part of the box',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.25,
    },
    options: passedOn("passed on to cma.CMAEvolutionStrategy; pycma's own when not given"),
    ...pythonSchema,
  }),
  located: locatedPython,
  launch: ({ python }) => ({ kind: 'adaptor', python, file: 'pycma_adaptor.py' }),
  told: ({ sigma0, options: given = {} }) => ({ sigma0, options: given }),
};
