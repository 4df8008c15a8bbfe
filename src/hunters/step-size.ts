import { figure } from '../conditions/figures.ts';
import { options } from '../core/options.ts';
import type { Hunter, HunterComponent } from './contract.ts';

export interface StepSizeOptions {
  /** Over how many of the latest evaluations the distances are averaged. */
  readonly calls: number;
  /** The mean distance that is too little, a fraction of the diagonal of the box; with a task's own `distance`, in its unit. @default 0.05 */
  readonly tolerance: number;
}

/**
 * The victim's latest points are close to each other, one after the next: it searches one small area.
 *
 * @remarks As in GloMPO, points follow each other in the order of evaluation. For an optimizer that works in generations these are a
 * cloud rather than a path, and the mean is the cloud's width, whatever its centre does; let `calls` span a few generations. Points
 * drawn all over the box are 0.4 diagonals apart, in any number of dimensions. Unlike in GloMPO every parameter has width 1, and
 * failed evaluations are left out.
 */
export const stepSize: HunterComponent<StepSizeOptions> = {
  name: 'step-size',
  summary: 'the points of the last so many evaluations are close to each other, one after the next',
  options: options(
    {
      calls: {
        description: 'over how many of the latest evaluations the distances are averaged',
        type: 'integer',
        minimum: 2,
      },
      tolerance: {
        description:
          "the mean distance that is too little, a fraction of the diagonal of the box; with a task's own distance, in its unit",
        type: 'number',
        minimum: 0,
        default: 0.05,
      },
    },
    ['calls'],
  ),
  create({ calls, tolerance }): Hunter {
    return {
      name: stepSize.name,
      pointWindow: calls,
      examine(context) {
        const points = context.victim.lastPoints(calls);
        if (points.length < calls)
          return { holds: false, detail: `${points.length} evaluations, needs ${calls}` };
        let sum = 0;
        for (let i = 1; i < calls; i++) sum += context.distance(points[i - 1]!, points[i]!);
        const step = sum / (calls - 1);
        const holds = step <= tolerance;
        return { holds, detail: `mean step ${figure(step)} ${holds ? '<=' : '>'} ${tolerance}` };
      },
    };
  },
};
