import { about, columnsOf, faultOfColumn, OF_OPTION } from '../conditions/series.ts';
import { options } from '../core/options.ts';
import { factsOf } from './column.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `target-value: 0` or `target-value: { target: 0, tolerance: 1.0e-6 }`. */
export interface TargetValueOptions {
  readonly target: number;
  /** How far above the target is near enough, in the task's unit. @default 0 */
  readonly tolerance: number;
  /** The column to look at: `fx` or `extras.NAME`. @default 'fx' */
  readonly of: string;
}

/** @remarks GloMPO's TargetCost adds 1e-6 unless told otherwise, which is much or little depending on the task. */
export const targetValue: CheckerComponent<TargetValueOptions> = {
  name: 'target-value',
  summary: 'the best value is at or below a target',
  options: options(
    {
      target: { description: 'the value to reach', type: 'number' },
      tolerance: {
        description: "how far above the target is near enough, in the task's unit",
        type: 'number',
        minimum: 0,
        default: 0,
      },
      of: OF_OPTION,
    },
    ['target'],
  ),
  fault: faultOfColumn,
  create({ target, tolerance, of }): Checker {
    return {
      name: targetValue.name,
      columns: columnsOf(of),
      examine(run) {
        const { best } = factsOf(run, of);
        if (Number.isNaN(best)) return { holds: false, detail: `${about(of)}no value yet` };
        const holds = best <= target + tolerance;
        // All digits: rounded, a best just above its target would read as if it had reached it.
        const limit = `${target}${tolerance ? ` + ${tolerance}` : ''}`;
        return { holds, detail: `${about(of)}best ${best} ${holds ? '<=' : '>'} ${limit}` };
      },
    };
  },
};
