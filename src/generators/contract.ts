import type { RunSoFar } from '../conditions/past-optimizer.ts';
import type { Component } from '../core/component.ts';
import type { RandomStream } from '../core/random.ts';
import type { FreeParameter } from '../space/parameter.ts';

/** What a generator may know when an optimizer is about to start. */
export interface GenerationContext extends RunSoFar {
  /** A stream of this optimizer's start alone. */
  readonly random: RandomStream;
}

/** Decides where an optimizer starts. */
export interface Generator {
  /** A point of the unit box, `dimension` numbers in [0, 1]. */
  generate(context: GenerationContext): Float64Array;
}

/** What a generator is made for. */
export interface GeneratorSetup {
  /** How many parameters are free. */
  readonly dimension: number;
  /** The free parameters, one a coordinate. */
  readonly parameters: readonly FreeParameter[];
  readonly seed: number;
  /**
   * A point in task units by the names of free parameters, in the unit box; coordinates that are not named are those of `rest`.
   *
   * @throws {CodedError} `usage` for a name that is no free parameter, or a value outside its bounds
   */
  toUnit(point: Readonly<Record<string, number>>, rest: Float64Array): Float64Array;
}

export type GeneratorComponent<Options = never> = Component<Options, GeneratorSetup, Generator>;
