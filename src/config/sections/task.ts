import { options, type OptionsSchema } from '../../core/options.ts';
import type { Benchmark } from '../../tasks/benchmarks/contract.ts';
import { LOSSES } from '../../tasks/residuals.ts';

export const moduleTaskSchema: OptionsSchema = options(
  {
    module: {
      description: 'a .ts or .js file that exports the function to be minimized; relative to this file',
      type: 'string',
      minLength: 1,
    },
    export: {
      description:
        'the export to use; when not given default, then evaluate, then the only function there is',
      type: 'string',
      minLength: 1,
    },
  },
  ['module'],
);

/** A benchmark with its options beside its name. */
export function benchmarkTaskSchema({ name, summary, options: own }: Benchmark): OptionsSchema {
  return options({ benchmark: { description: summary, enum: [name] }, ...own.properties }, [
    'benchmark',
    ...(own.required ?? []),
  ]);
}

/** How one block of residuals counts: `task.residuals.NAME`. */
export const residualRuleSchema: OptionsSchema = options({
  weight: {
    description: 'what the square of each of its residuals is multiplied by',
    type: 'number',
    exclusiveMinimum: 0,
    default: 1,
  },
  loss: {
    description:
      'what a residual costs that is larger than scale: its square, or less, so that outliers weigh less',
    enum: LOSSES,
    default: 'linear',
  },
  scale: {
    description: 'in the unit of the residuals: above it the loss is less than the square',
    type: 'number',
    exclusiveMinimum: 0,
    default: 1,
  },
});
