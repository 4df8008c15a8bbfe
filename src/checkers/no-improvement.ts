import { figure } from '../conditions/figures.ts';
import { about, columnsOf, faultOfColumn, OF_OPTION } from '../conditions/series.ts';
import { options } from '../core/options.ts';
import { factsOf } from './column.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `no-improvement: 5000` or `no-improvement: { evaluations: 5000, tolerance: 0.001 }`. */
export interface NoImprovementOptions {
  /** Over how many of the run's latest evaluations. */
  readonly evaluations: number;
  /** The improvement that is too little, a fraction of the spread of the run. @default 0 */
  readonly tolerance: number;
  /** The column to look at: `fx` or `extras.NAME`. @default 'fx' */
  readonly of: string;
}

/** The best value was seen to be `best` from `evaluations` on. */
interface Improvement {
  readonly evaluations: number;
  readonly best: number;
}

/**
 * The best value of the run has hardly improved over the last `evaluations` evaluations. The first value is an improvement as well:
 * this never holds before there has been one for that long.
 *
 * @remarks Not in GloMPO. It knows the best value only of moments at which it was asked, and takes an improvement to be as recent as
 * the moment at which it saw it: it may hold late, by a batch, but never early.
 */
export const noImprovement: CheckerComponent<NoImprovementOptions> = {
  name: 'no-improvement',
  summary: 'the best value has hardly improved over the last so many evaluations of the run',
  options: options(
    {
      evaluations: {
        description: "over how many of the run's latest evaluations",
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
    ['evaluations'],
  ),
  fault: faultOfColumn,
  create({ evaluations, tolerance, of }): Checker {
    // The latest improvement that is old enough to be compared with, if there is one, and all that came after it.
    const improvements: Improvement[] = [];
    return {
      name: noImprovement.name,
      columns: columnsOf(of),
      observe(run) {
        const { best } = factsOf(run, of);
        const last = improvements.at(-1);
        // `NaN`, no feasible value yet, is no improvement.
        if (last ? best < last.best : !Number.isNaN(best))
          improvements.push({ evaluations: run.evaluations, best });
        const before = run.evaluations - evaluations;
        while ((improvements[1]?.evaluations ?? Infinity) <= before) improvements.shift();
      },
      examine(run) {
        const facts = factsOf(run, of);
        const { best } = facts;
        const before = run.evaluations - evaluations;
        const [then] = improvements;
        if (!then) return { holds: false, detail: `${about(of)}no value yet` };
        if (then.evaluations > before) {
          const age = run.evaluations - then.evaluations;
          return {
            holds: false,
            detail: `${about(of)}${age} evaluations since the first value < ${evaluations}`,
          };
        }
        const gain = then.best - best;
        // The spread is a median, which is not found for nothing: this may be asked after every evaluation.
        const spread = tolerance > 0 ? facts.spread : 0;
        const holds = gain <= tolerance * spread;
        const limit = tolerance > 0 ? `${tolerance}·spread ${figure(spread)}` : '0';
        return {
          holds,
          detail: `${about(of)}gain ${figure(gain)} ${holds ? '<=' : '>'} ${limit} in ${evaluations} evaluations`,
        };
      },
    };
  },
};
