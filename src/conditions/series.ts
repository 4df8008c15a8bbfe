import type { OptionSchema } from '../core/options.ts';

/** The values of one optimizer in one column of the log, up to the call at which a condition is asked, and nothing later. */
export interface ValueSeries {
  /** How many finite values there are. Those of failed evaluations, and missing ones, stay out of all statistics. */
  readonly evaluations: number;
  /** The lowest; `NaN` before the first. */
  readonly best: number;
  /** The lowest as it was `calls` values ago; `NaN` if it is not that old. `calls` must be within the declared window. */
  bestAgo(calls: number): number;
  /** The last `calls` values, oldest first; fewer if there are not so many. `calls` must be within the declared window. */
  lastValues(calls: number): Float64Array;
  /**
   * The lowest value in each of equally long stretches of its whole life, oldest first: 64 to 127 of them, one a value while there are
   * fewer values. The last ones of its values are in none until their stretch is complete.
   */
  readonly lows: Float64Array;
}

/** The column that conditions look at unless they are told another: the objective. */
export const OBJECTIVE = 'fx';

/** The option `of` of conditions that can look at any column. */
export const OF_OPTION: OptionSchema = {
  description: 'the column to look at: fx, or extras.NAME for a named value that the task returns with it',
  type: 'string',
  minLength: 1,
  default: OBJECTIVE,
};

const EXTRAS = 'extras.';

/** What is wrong with the option `of`, if anything. */
export function faultOfColumn({ of }: { readonly of: string }): string | undefined {
  if (of === OBJECTIVE || (of.startsWith(EXTRAS) && of.length > EXTRAS.length)) return undefined;
  return `of must be ${OBJECTIVE} or ${EXTRAS}NAME, got ${of}`;
}

/** The columns that a condition that looks at `of` declares: the objective goes without saying. */
export function columnsOf(of: string): readonly string[] {
  return of === OBJECTIVE ? [] : [of];
}

/** Says in front of a detail which column it is about, unless it is the objective. */
export function about(of: string): string {
  return of === OBJECTIVE ? '' : `${of}: `;
}
