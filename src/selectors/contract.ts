import type { Component } from '../core/component.ts';

/** What a selector may know when a slot is free. */
interface SelectionContext {
  /** The optimizer types of the configuration, in its order. */
  readonly types: readonly string[];
  /** The id that the next optimizer will have: the number of those started so far plus 1. */
  readonly optimizerId: number;
}

/** Decides which optimizer is started next. */
export interface Selector {
  /** An index into `types`. */
  select(context: SelectionContext): number;
}

export type SelectorComponent<Options = never> = Component<Options, undefined, Selector>;
