import type { JsonObject } from '../../core/json.ts';
import { options } from '../../core/options.ts';
import type { OutsideOptimizer } from './contract.ts';
import { locatedPython, passedOn, type PythonOptions, pythonSchema } from './options.ts';

const METHODS = [
  'nelder-mead',
  'powell',
  'cg',
  'bfgs',
  'l-bfgs-b',
  'tnc',
  'cobyla',
  'slsqp',
  'trust-constr',
  'differential-evolution',
  'dual-annealing',
  'basinhopping',
  'shgo',
  'direct',
] as const;

export interface ScipyOptions extends PythonOptions {
  /** Which of SciPy's methods, in the words of SciPy with hyphens. */
  readonly method: (typeof METHODS)[number];
  /** Passed on to SciPy: `options` of `minimize`, or the arguments of the others. @default SciPy's own */
  readonly options?: JsonObject;
  /** How far from a point its neighbours are for a gradient, as a part of the box, where the task has none. @default 1.5e-8 */
  readonly differenceStep: number;
}

export const scipy: OutsideOptimizer<ScipyOptions> = {
  name: 'scipy',
  summary:
    'a method of scipy.optimize, by the Python package scipy: minimize, differential evolution and more',
  options: options(
    {
      method: { description: "which of SciPy's methods", enum: METHODS },
      options: passedOn(
        "passed on to SciPy: the options of minimize, or the arguments of the others; SciPy's own when not given",
      ),
      differenceStep: {
        description:
          'how far from a point its neighbours are for a gradient, as a part of the box, where the task has none',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 0.1,
        default: 1.5e-8,
      },
      ...pythonSchema,
    },
    ['method'],
  ),
  located: locatedPython,
  launch: ({ python }) => ({ kind: 'adaptor', python, file: 'scipy_adaptor.py' }),
  told: ({ method, options: given = {}, differenceStep }) => ({ method, options: given, differenceStep }),
};
