import { options } from '../../core/options.ts';
import type { OutsideOptimizer } from './contract.ts';
import { locatedPython, type PythonOptions, pythonSchema } from './options.ts';

export interface NevergradOptions extends PythonOptions {
  /** A name of Nevergrad's registry. @default NGOpt */
  readonly optimizer: string;
  /** How many evaluations it is to reckon with, which many of its optimizers choose by. @default 1000 */
  readonly budget: number;
}

export const nevergrad: OutsideOptimizer<NevergradOptions> = {
  name: 'nevergrad',
  summary: 'an optimizer of the Python package nevergrad',
  options: options({
    optimizer: {
      description: "a name of Nevergrad's registry",
      type: 'string',
      minLength: 1,
      default: 'NGOpt',
    },
    budget: {
      description: 'how many evaluations it is to reckon with; it ends when it has made them',
      type: 'integer',
      minimum: 1,
      default: 1000,
    },
    ...pythonSchema,
  }),
  located: locatedPython,
  launch: ({ python }) => ({ kind: 'adaptor', python, file: 'nevergrad_adaptor.py' }),
  told: ({ optimizer, budget }) => ({ optimizer, budget }),
};
