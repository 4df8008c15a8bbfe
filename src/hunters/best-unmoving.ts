import { figure } from '../conditions/figures.ts';
import { about, columnsOf, faultOfColumn, OF_OPTION } from '../conditions/series.ts';
import { options } from '../core/options.ts';
import { seriesOf, spreadOf } from './column.ts';
import type { Hunter, HunterComponent } from './contract.ts';

export interface BestUnmovingOptions {
  /** How many evaluations back the best value is compared with. */
  readonly calls: number;
  /** The improvement that is too little, a fraction of the spread of the run. @default 0 */
  readonly tolerance: number;
  /** The column to look at: `fx` or `extras.NAME`. @default 'fx' */
  readonly of: string;
}

/**
 * The victim's best value has hardly improved over its last `calls` evaluations.
 *
 * @remarks GloMPO's BestUnmoving compares with the best value's own magnitude, which depends on an arbitrary offset of the task;
 * this one compares with the spread of the run. Failed evaluations do not count here.
 */
export const bestUnmoving: HunterComponent<BestUnmovingOptions> = {
  name: 'best-unmoving',
  summary: 'the best value has hardly improved over the last so many evaluations',
  options: options(
    {
      calls: {
        description: 'how many evaluations back the best value is compared with',
        type: 'integer',
        minimum: 1,
      },
      tolerance: {
        description: 'the improvement that is too little, a fraction of the spread of the run',
        type: 'number',
        minimum: 0,
        default: 0,
      },
      of: OF_OPTION,
    },
    ['calls'],
  ),
  fault: faultOfColumn,
  create({ calls, tolerance, of }): Hunter {
    return {
      name: bestUnmoving.name,
      window: calls,
      columns: columnsOf(of),
      examine(context) {
        const values = seriesOf(context.victim, of);
        const before = values.bestAgo(calls);
        if (Number.isNaN(before))
          return {
            holds: false,
            detail: `${about(of)}${values.evaluations} evaluations, needs more than ${calls}`,
          };
        const spread = spreadOf(context, of);
        const gain = before - values.best;
        const holds = gain <= tolerance * spread;
        return {
          holds,
          detail: `${about(of)}gain ${figure(gain)} ${holds ? '<=' : '>'} ${tolerance}·spread ${figure(spread)}`,
        };
      },
    };
  },
};
