import type { Condition } from '../conditions/condition.ts';
import type { ConditionSetup } from '../conditions/setup.ts';
import type { Component } from '../core/component.ts';

/** An optimizer as hunters see it: its finite values up to the call of the hunt, and nothing later. */
export interface OptimizerHistory {
  readonly id: number;
  readonly type: string;
  /** How many of its evaluations gave a finite value. Failed ones stay out of all statistics. */
  readonly evaluations: number;
  /** Its lowest value; `NaN` before the first. */
  readonly best: number;
  /** Its lowest value as it was `calls` finite evaluations ago; `NaN` if it was not that old. `calls` must be within the declared window. */
  bestAgo(calls: number): number;
  /** Its last `calls` finite values, oldest first; fewer if there are not so many. `calls` must be within the declared window. */
  lastValues(calls: number): Float64Array;
}

/** One moment of a hunt: should `victim` go? */
export interface HuntContext {
  /** The call at which the hunt happens. */
  readonly callId: number;
  readonly victim: OptimizerHistory;
  /** The optimizer that found the best value of the run; it may have ended. */
  readonly holder: OptimizerHistory;
  /**
   * How far the median of the values seen in the run lies above the best of them: the scale of every tolerance, so that decisions
   * are the same for f and for a·f + b, a > 0. 0 while they are all the same.
   */
  readonly spread: number;
}

/** A condition that names a victim. Holds = "kill it". */
export interface Hunter extends Condition<HuntContext> {
  /** How many evaluations back it looks: the manager keeps no more than the largest window in use. */
  readonly window: number;
}

export type HunterComponent<Options = never> = Component<Options, ConditionSetup, Hunter>;
