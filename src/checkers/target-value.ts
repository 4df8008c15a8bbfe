import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `target-value: 0` or `target-value: { target: 0, tolerance: 1.0e-6 }`. */
export interface TargetValueOptions {
  readonly target: number;
  /** How far above the target is near enough, in the task's unit. @default 0 */
  readonly tolerance: number;
}

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
    },
    ['target'],
  ),
  create({ target, tolerance }): Checker {
    return {
      name: targetValue.name,
      examine(run) {
        const holds = run.best <= target + tolerance;
        return {
          holds,
          detail: `best ${run.best} ${holds ? '<=' : '>'} ${target}${tolerance ? ` + ${tolerance}` : ''}`,
        };
      },
    };
  },
};
