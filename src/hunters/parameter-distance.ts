import { figure } from '../conditions/figures.ts';
import { options } from '../core/options.ts';
import type { Hunter, HunterComponent } from './contract.ts';

/** Written as `parameter-distance: 0.05`. */
export interface ParameterDistanceOptions {
  /** The distance that is too near, a fraction of the diagonal of the box; with a task's own `distance`, in its unit. */
  readonly tolerance: number;
}

/**
 * The victim works where the best optimizer does: their last points are hardly apart.
 *
 * @remarks GloMPO's ParameterDistance measures in the task's units, where one wide parameter drowns the others; here every parameter
 * has width 1. There is no `test_all`: of two optimizers near each other it kills both, and it takes ended ones for rivals. Points of
 * failed evaluations are passed over, and the best optimizer is never compared with itself.
 */
export const parameterDistance: HunterComponent<ParameterDistanceOptions> = {
  name: 'parameter-distance',
  summary: 'its last point is near the last point of the best optimizer',
  options: options(
    {
      tolerance: {
        description:
          "the distance that is too near, a fraction of the diagonal of the box; with a task's own distance, in its unit",
        type: 'number',
        minimum: 0,
      },
    },
    ['tolerance'],
  ),
  create({ tolerance }): Hunter {
    return {
      name: parameterDistance.name,
      pointWindow: 1,
      examine(context) {
        const { victim, holder } = context;
        if (victim.id === holder.id) return { holds: false, detail: 'it is the best optimizer itself' };
        const [a] = victim.lastPoints(1);
        const [b] = holder.lastPoints(1);
        if (!a || !b) return { holds: false, detail: 'no evaluation yet that did not fail' };
        const apart = context.distance(a, b);
        const holds = apart <= tolerance;
        return { holds, detail: `distance ${figure(apart)} ${holds ? '<=' : '>'} ${tolerance}` };
      },
    };
  },
};
