import type { Component } from '../core/component.ts';
import type { RandomStream } from '../core/random.ts';

/** What a generator may know when an optimizer is about to start. */
interface GenerationContext {
  /** How many parameters are free. */
  readonly dimension: number;
  readonly optimizerId: number;
  /** A stream of this optimizer's start alone. */
  readonly random: RandomStream;
}

/** Decides where an optimizer starts. */
export interface Generator {
  /** A point of the unit box, `dimension` numbers in [0, 1]. */
  generate(context: GenerationContext): Float64Array;
}

export type GeneratorComponent<Options = never> = Component<Options, undefined, Generator>;
