import type { Condition } from '../conditions/condition.ts';
import type { ConditionSetup } from '../conditions/setup.ts';
import type { Component } from '../core/component.ts';

/** The run as checkers see it, up to one call. */
export interface RunFacts {
  /** Counted evaluations. */
  readonly evaluations: number;
  /** The best feasible value so far; `NaN` before the first. */
  readonly best: number;
  /** Seconds that this process has spent on the run. */
  readonly sessionSeconds: number;
  /** Seconds that all processes together have spent on the run. */
  readonly overallSeconds: number;
}

/** A condition that ends the run. Holds = "stop". */
export interface Checker extends Condition<RunFacts> {
  /** The largest number of evaluations that there may be before it holds, if it bounds them: no more credits are handed out. */
  readonly budget?: number;
  /** True when it may come to hold while no evaluation ends, so that it must be asked again as time passes. */
  readonly timed?: boolean;
}

export type CheckerComponent<Options = never> = Component<Options, ConditionSetup, Checker>;
