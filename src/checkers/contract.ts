import type { Condition } from '../conditions/condition.ts';
import type { ConditionSetup } from '../conditions/setup.ts';
import type { Component } from '../core/component.ts';

/** How the run stands in one column of the log. */
export interface ColumnFacts {
  /** The lowest feasible value so far; `NaN` before the first. */
  readonly best: number;
  /** How far the median of the values lies above the best: the scale of tolerances. 0 while they are all the same. */
  readonly spread: number;
}

/** The run as checkers see it, up to one call. */
export interface RunFacts extends ColumnFacts {
  /** Counted evaluations. */
  readonly evaluations: number;
  /** Seconds that this process has spent on the run, pauses left out. */
  readonly sessionSeconds: number;
  /** Seconds that all processes together have spent on the run, pauses left out. */
  readonly overallSeconds: number;
  /** How many optimizers were started, and how many of them ended by convergence, and by a hunt. */
  readonly optimizers: { readonly started: number; readonly converged: number; readonly killed: number };
  /** How many optimizers were killed since so many had converged, the kills before it left out; 0 while they have not. */
  killedAfter(converged: number): number;
  /** Another column, `extras.NAME`; one that is not declared in `columns` is empty. */
  column(name: string): ColumnFacts;
}

/** A condition that ends the run. Holds = "stop". */
export interface Checker extends Condition<RunFacts> {
  /** The largest number of evaluations that there may be before it holds, if it bounds them: no more credits are handed out. */
  readonly budget?: number;
  /** After how many seconds of a session, or of all together, it holds, if time alone brings that about. */
  readonly seconds?: { readonly limit: number; readonly of: 'session' | 'overall' };
  /** True when it may come to hold while no evaluation ends, so that it must be asked again as time passes. */
  readonly timed?: boolean;
  /** The columns besides `fx` that it looks at, `extras.NAME`. @default none */
  readonly columns?: readonly string[];
  /** Shown every state that the run is asked about, in order, whether or not `examine` follows: for those that look back. */
  observe?(run: RunFacts): void;
}

export type CheckerComponent<Options = never> = Component<Options, ConditionSetup, Checker>;
