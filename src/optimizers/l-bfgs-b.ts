import type { OptimizerComponent } from './contract.ts';
import { LimitedCurvature } from './quasi-newton/limited-curvature.ts';
import { type LimitedOptions, limitedSchema, memoryOf } from './quasi-newton/options.ts';
import { quasiNewton } from './quasi-newton/optimizer.ts';

export type { LimitedOptions } from './quasi-newton/options.ts';

/** See `quasi-newton/descent.ts`. */
export const lBfgsB: OptimizerComponent<LimitedOptions> = {
  name: 'l-bfgs-b',
  summary:
    'quasi-Newton with the last steps alone: for smooth functions of many parameters, best with a gradient',
  options: limitedSchema,
  create: ({ memory, ...options }, context) =>
    quasiNewton(
      'l-bfgs-b',
      options,
      context,
      () => new LimitedCurvature(context.dimension, memoryOf(memory === undefined ? {} : { memory })),
    ),
};
