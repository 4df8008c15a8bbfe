import { figure } from '../conditions/figures.ts';
import { about, columnsOf, faultOfColumn, OF_OPTION } from '../conditions/series.ts';
import { options } from '../core/options.ts';
import { seriesOf, spreadOf } from './column.ts';
import type { Hunter, HunterComponent } from './contract.ts';

export interface EvaluationsUnmovingOptions {
  /** Over how many of the latest evaluations the values are compared. */
  readonly calls: number;
  /** The standard deviation that is too little, a fraction of the spread of the run. @default 0 */
  readonly tolerance: number;
  /** The column to look at: `fx` or `extras.NAME`. @default 'fx' */
  readonly of: string;
}

/**
 * The victim's latest values hardly differ: it is about to converge.
 *
 * @remarks GloMPO's EvaluationsUnmoving compares with the magnitude of the latest value, which depends on an arbitrary offset of
 * the task; this one compares with the spread of the run. Failed evaluations do not count here.
 */
export const evaluationsUnmoving: HunterComponent<EvaluationsUnmovingOptions> = {
  name: 'evaluations-unmoving',
  summary: 'the values of the last so many evaluations hardly differ',
  options: options(
    {
      calls: {
        description: 'over how many of the latest evaluations the values are compared',
        type: 'integer',
        minimum: 2,
      },
      tolerance: {
        description: 'the standard deviation that is too little, a fraction of the spread of the run',
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
      name: evaluationsUnmoving.name,
      window: calls,
      columns: columnsOf(of),
      examine(context) {
        const values = seriesOf(context.victim, of);
        if (values.evaluations < calls)
          return { holds: false, detail: `${about(of)}${values.evaluations} evaluations, needs ${calls}` };
        const spread = spreadOf(context, of);
        const sd = standardDeviation(values.lastValues(calls));
        const holds = sd <= tolerance * spread;
        return {
          holds,
          detail: `${about(of)}sd ${figure(sd)} ${holds ? '<=' : '>'} ${tolerance}·spread ${figure(spread)}`,
        };
      },
    };
  },
};

/** Population standard deviation, by the two-pass formula: values far from 0 that hardly differ keep their digits. */
function standardDeviation(values: Float64Array): number {
  const first = values[0] ?? 0;
  let sum = 0;
  for (const value of values) sum += value - first;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - first - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
