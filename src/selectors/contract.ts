import type { RunSoFar } from '../conditions/past-optimizer.ts';
import type { Component } from '../core/component.ts';
import type { RandomStream } from '../core/random.ts';

/** What a selector may know when a slot is free. */
export interface SelectionContext extends RunSoFar {
  /** The optimizer types of the configuration, in its order. */
  readonly types: readonly string[];
  /** For each, whether it may be started: it has not been so often as its `maxStarts` allows. One at least may. */
  readonly isOpen: readonly boolean[];
  /** A stream of this decision alone. */
  readonly random: RandomStream;
}

/** Decides which optimizer is started next. */
export interface Selector {
  /** An index into `types`. The next one that is open is started in place of one that is not. */
  select(context: SelectionContext): number;
  /** Whether it is asked again, as the run goes on, about one that waits for slots: it may be another one's turn by then. @default false */
  readonly revises?: boolean;
}

/** What a selector is made for. */
export interface SelectorSetup {
  /** How many optimizer types there are. */
  readonly types: number;
}

export type SelectorComponent<Options = never> = Component<Options, SelectorSetup, Selector>;
