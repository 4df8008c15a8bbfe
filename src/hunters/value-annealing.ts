import { figure } from '../conditions/figures.ts';
import { about, columnsOf, faultOfColumn, OF_OPTION } from '../conditions/series.ts';
import { options } from '../core/options.ts';
import { power } from '../core/power.ts';
import { seriesOf, spreadOf } from './column.ts';
import type { Hunter, HunterComponent } from './contract.ts';

export interface ValueAnnealingOptions {
  /** The chance to survive one hunt for a victim whose best value lies one spread above the best of the run. @default 0.5 */
  readonly survivalAtTwice: number;
  /** The column to look at: `fx` or `extras.NAME`. @default 'fx' */
  readonly of: string;
}

/**
 * The further a victim's best value is above the best of the run, the more likely it is named: it survives with probability
 * `survivalAtTwice ^ ((f_victim - f_best) / spread)`.
 *
 * @remarks GloMPO documents its setting as the chance to kill a victim "twice as large", and uses it as the chance to survive; the
 * setting 0.1 that proved itself there is meant as survival. "Twice" was measured in units of |f_best|, which depends on an
 * arbitrary offset of the task; here the unit is the spread of the values seen in the run. GloMPO names nobody
 * while the best value is exactly 0. Whatever `of` says, the victim is compared with the optimizer that has the best objective.
 */
export const valueAnnealing: HunterComponent<ValueAnnealingOptions> = {
  name: 'value-annealing',
  summary: 'names a victim by chance, the more likely the further its best value is from the best of the run',
  options: options({
    survivalAtTwice: {
      description:
        'the chance to survive for a victim whose best value lies one spread of the run above the best value',
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.5,
    },
    of: OF_OPTION,
  }),
  fault: faultOfColumn,
  create({ survivalAtTwice, of }, setup): Hunter {
    return {
      name: valueAnnealing.name,
      columns: columnsOf(of),
      examine(context) {
        const { callId, victim, holder } = context;
        const gap = seriesOf(victim, of).best - seriesOf(holder, of).best;
        if (!(gap > 0)) return { holds: false, detail: `${about(of)}gap ${figure(gap)} is not above 0` };
        const spread = spreadOf(context, of);
        const survival = spread > 0 ? power(survivalAtTwice, gap / spread) : 0;
        const u = setup.draw(callId, victim.id);
        const holds = u > survival;
        return {
          holds,
          detail: `${about(of)}u ${figure(u)} ${holds ? '>' : '<='} survival ${figure(survival)}`,
        };
      },
    };
  },
};
