import { figure } from '../conditions/figures.ts';
import { about, columnsOf, faultOfColumn, OF_OPTION } from '../conditions/series.ts';
import { options } from '../core/options.ts';
import { seriesOf } from './column.ts';
import type { Hunter, HunterComponent } from './contract.ts';

export interface ForecastOptions {
  /** How many times the improvement that is forecast the victim is granted before it counts as hopeless. @default 10 */
  readonly caution: number;
  /** The column to look at: `fx` or `extras.NAME`. @default 'fx' */
  readonly of: string;
}

/**
 * Stretches, of 64 to 127 in a life, of which one low value is taken, and low values that make a forecast: they are the last quarter to half of its life.
 * Chosen on recorded runs of CMA-ES with populations from 8 to 320 on the classic functions in 5, 10 and 20 dimensions: with 8 and 4 more is saved, and three to
 * five times as many are killed that would have won; with 4 and 5 about the same.
 */
const WIDTH = 6;
const POINTS = 5;

/**
 * The victim's values approach a limit above the best of the run: it cannot win any more.
 *
 * Close to a minimum what is left of an optimizer's way shrinks by about the same factor in equal times, so the lowest values a_i of successive equal
 * stretches of its life have gains d_i = a_(i-1) - a_i that fall like a geometric sequence, of which the rest is d r / (1 - r) (Aitken's extrapolation).
 * An optimizer that restarts by itself may do better afterwards, so it is never named.
 *
 * There is a forecast only if all gains of the last stretches are positive and each is below the one before; `r` is the largest of their ratios.
 *
 * @remarks Not in GloMPO, whose hunters see that a victim hardly moves, when it has almost converged; this one sees where it is going.
 * @see Aitken (1926), On Bernoulli's numerical solution of algebraic equations, Proc. R. Soc. Edinburgh 46:289
 */
export const forecast: HunterComponent<ForecastOptions> = {
  name: 'forecast',
  summary: 'its values approach a limit above the best of the run',
  options: options({
    caution: {
      description:
        'how many times the improvement that is forecast it is granted before it counts as hopeless',
      type: 'number',
      minimum: 1,
      default: 10,
    },
    of: OF_OPTION,
  }),
  fault: faultOfColumn,
  create({ caution, of }): Hunter {
    return {
      name: forecast.name,
      columns: columnsOf(of),
      examine({ victim, holder }) {
        if (victim.restarts) return { holds: false, detail: 'it restarts by itself' };
        const { lows } = seriesOf(victim, of);
        const goal = seriesOf(holder, of).best;
        const points = lastLows(lows);
        const rest = restOf(points);
        if (rest === undefined) return { holds: false, detail: `${about(of)}its values approach no limit` };
        const limit = points.at(-1)! - caution * rest;
        const holds = limit > goal;
        return {
          holds,
          detail: `${about(of)}forecast ${figure(limit)} ${holds ? '>' : '<='} best ${figure(goal)}`,
        };
      },
    };
  },
};

/** The lowest values of the last `POINTS` parts of `WIDTH` stretches each, oldest first; fewer if life was shorter. */
function lastLows(lows: Float64Array): readonly number[] {
  const points: number[] = [];
  for (let end = lows.length; end >= WIDTH && points.length < POINTS; end -= WIDTH)
    points.unshift(Math.min(...lows.subarray(end - WIDTH, end)));
  return points;
}

/** How much lower the values would get if they went on as they do; `undefined` when there is no saying. */
function restOf(points: readonly number[]): number | undefined {
  if (points.length < POINTS) return undefined;
  let ratio = 0;
  let gain = points[0]! - points[1]!;
  if (!(gain > 0)) return undefined;
  for (let i = 2; i < points.length; i++) {
    const next = points[i - 1]! - points[i]!;
    ratio = Math.max(ratio, next / gain);
    if (!(next > 0 && ratio < 1)) return undefined;
    gain = next;
  }
  return (gain * ratio) / (1 - ratio);
}
