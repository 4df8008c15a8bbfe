/** One optimizer of the run, as selectors and generators see it: it runs or has ended. */
export interface PastOptimizer {
  /** 1, 2, 3, …; 0 and less for a minimum of the run that this one started with. */
  readonly id: number;
  /** Its place among the configuration's optimizer types; -1: none of them. */
  readonly type: number;
  readonly state: 'live' | 'converged' | 'killed' | 'stopped' | 'crashed';
  readonly evaluations: number;
  /** Its best feasible value and the point of the unit box that has it; `undefined` before the first. */
  readonly best: { readonly fx: number; readonly point: Float64Array } | undefined;
}

/** How the run stands when an optimizer is about to start. All that is decided then follows from this and the seed, so that it can be replayed. */
export interface RunSoFar {
  /** The id that the next optimizer will have: the number of those started so far plus 1. */
  readonly optimizerId: number;
  /** Counted evaluations. */
  readonly evaluations: number;
  /** How many evaluations there may be; `Infinity` without a limit. */
  readonly budget: number;
  /** The latest optimizers, 256 at the most, by id. */
  readonly optimizers: readonly PastOptimizer[];
  /** For each of the configuration's types, the counted evaluations of each of its optimizers so far, in the order of their starts. */
  readonly spent: readonly (readonly number[])[];
  /** The best feasible point of the run; `undefined` before the first. */
  readonly incumbent: { readonly fx: number; readonly point: Float64Array } | undefined;
  /** How far the median of the values seen lies above the best of them: the scale of differences of values. */
  readonly spread: number;
}
