import type { OptimizerComponent } from './contract.ts';
import { DenseCurvature } from './quasi-newton/dense-curvature.ts';
import { bfgsSchema, type QuasiNewtonOptions } from './quasi-newton/options.ts';
import { quasiNewton } from './quasi-newton/optimizer.ts';

export type { QuasiNewtonOptions } from './quasi-newton/options.ts';

/** See `quasi-newton/descent.ts`. */
export const bfgs: OptimizerComponent<QuasiNewtonOptions> = {
  name: 'bfgs',
  summary:
    'quasi-Newton with the whole matrix: the quickest way down for smooth functions of up to about 100 parameters',
  options: bfgsSchema,
  create: (options, context) =>
    quasiNewton('bfgs', options, context, () => new DenseCurvature(context.dimension)),
};
