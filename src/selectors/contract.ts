import type { RunSoFar } from '../conditions/past-optimizer.ts';
import type { Component } from '../core/component.ts';
import type { RandomStream } from '../core/random.ts';

/** What a selector may know when a slot is free. */
export interface SelectionContext extends RunSoFar {
  /** The optimizer types of the configuration, in its order. */
  readonly types: readonly string[];
  /** A stream of this decision alone. */
  readonly random: RandomStream;
}

/** Decides which optimizer is started next. */
export interface Selector {
  /** An index into `types`. */
  select(context: SelectionContext): number;
}

/** What a selector is made for. */
interface SelectorSetup {
  /** How many optimizer types there are. */
  readonly types: number;
}

export type SelectorComponent<Options = never> = Component<Options, SelectorSetup, Selector>;
