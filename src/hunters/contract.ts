import type { Condition } from '../conditions/condition.ts';
import type { ValueSeries } from '../conditions/series.ts';
import type { ConditionSetup } from '../conditions/setup.ts';
import type { Component } from '../core/component.ts';

/** An optimizer as hunters see it: what it did up to the call of the hunt, and nothing later. As a series: its objective values. */
export interface OptimizerHistory extends ValueSeries {
  readonly id: number;
  readonly type: string;
  /** Whether it searches on by itself after it has converged. */
  readonly restarts: boolean;
  /** All its evaluations, failed ones included. */
  readonly calls: number;
  /** How many of its latest evaluations failed in a row; 0 when the last one did not. */
  readonly failedInARow: number;
  /** Its values in another column; one that is not declared in `columns` is empty. */
  column(name: string): ValueSeries;
  /**
   * The points of its last `calls` evaluations that did not fail, oldest first, in the unit box of the free parameters; fewer if there
   * are not so many. `calls` must be within the declared `pointWindow`.
   */
  lastPoints(calls: number): readonly Float64Array[];
}

/** One moment of a hunt: should `victim` go? */
export interface HuntContext {
  /** The call at which the hunt happens. */
  readonly callId: number;
  /** Whom this hunt is about, by id: all at work but the holder, who is among them only where it may be killed. */
  readonly candidates: readonly number[];
  readonly victim: OptimizerHistory;
  /** The optimizer that found the best value of the run; it may have ended. */
  readonly holder: OptimizerHistory;
  /**
   * How far the median of the values seen in the run lies above the best of them: the scale of every tolerance, so that decisions
   * are the same for f and for a·f + b, a > 0. 0 while they are all the same.
   */
  readonly spread: number;
  /** The same of another column. */
  spreadOf(column: string): number;
  /**
   * How far apart two points of the unit box are: the Euclidean distance divided by that of opposite corners, so in [0, 1], or what the
   * task's own `distance` says.
   */
  distance(a: Float64Array, b: Float64Array): number;
}

/** A condition that names a victim. Holds = "kill it". */
export interface Hunter extends Condition<HuntContext> {
  /** How many values back it looks: the manager keeps no more than the largest window in use. @default 0 */
  readonly window?: number;
  /** How many points back it looks. @default 0 */
  readonly pointWindow?: number;
  /** The columns besides `fx` that it looks at, `extras.NAME`. @default none */
  readonly columns?: readonly string[];
}

export type HunterComponent<Options = never> = Component<Options, ConditionSetup, Hunter>;
