import type { Component } from '../core/component.ts';
import type { JsonObject } from '../core/json.ts';
import type { RandomStream } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';

/** One suggestion, tagged so that answers may come back late and in any order. */
export interface Candidate {
  /** Counts from 1 in the order of asking, without a gap, for one optimizer. */
  readonly id: number;
  /** A point of the unit box, `dimension` numbers in [0, 1]. Not changed by anyone after it was handed out. */
  readonly x: Float64Array;
}

/** A finished candidate. `fx` is `NaN` when the evaluation failed; lower is better. */
export interface Answer extends Candidate, Ranked {
  /** For an optimizer that uses them: residuals whose squares sum up to `fx`. Absent where the evaluation failed. */
  readonly residuals?: Float64Array;
  /** For an optimizer that uses it, where the task has one: the derivative of `fx` in the unit box, `dimension` numbers. */
  readonly gradient?: Float64Array;
}

/** Why an optimizer has nothing more to ask: data, so that it can be logged, counted and shown. */
export interface StopReason {
  /** Which rule ended it, kebab-case: `tol-fun`, `collapsed`. */
  readonly kind: string;
  /** The rule with its figures: `range of values 2.1e-13 <= tolFun 1e-12`. */
  readonly detail: string;
}

/** An optimizer's whole state as inert data: a JSON header and one block of numbers. */
export interface OptimizerSnapshot {
  readonly type: string;
  /** Raised with every change of the algorithm that changes its points. */
  readonly version: number;
  readonly header: JsonObject;
  /** In memory in the machine's order; written to disk as little-endian float64. */
  readonly block: Float64Array;
}

/**
 * An algorithm without I/O, clock or threads: state in, points out; values in, state on.
 *
 * A host calls `ask` when it may start evaluations, and `tell` as answers come. Nothing is said about how calls interleave: a
 * generational optimizer returns no candidates while it waits for answers, an asynchronous one always has some.
 */
export interface Optimizer {
  readonly type: string;
  readonly dimension: number;
  /** How many candidates one iteration needs. */
  readonly batchSize: number;
  /** What it can use of an answer besides the value. Without residuals an optimizer that names them is not told at all, but fails. */
  readonly uses?: readonly ('residuals' | 'gradient')[];
  /** Whether a call of `ask` may take seconds: its host then says so beforehand, and is not taken for dead. */
  readonly isSlow?: boolean;
  /** Whether it asks for points again on purpose, to learn how noisy their values are: then no cache answers for the task. */
  readonly reevaluates?: boolean;
  /** At most `limit` (>= 1) candidates; none means "waiting for answers" or, once `stopReason` is set, "done". Never blocks. */
  ask(limit: number): readonly Candidate[];
  /**
   * Takes answers late, in any order and grouping; never changes its argument.
   *
   * @throws {CodedError} `tell-mismatch` for a candidate that it never asked for or was already told
   */
  tell(answers: readonly Answer[]): void;
  /** Takes a good point that somebody else found, if the algorithm has a use for one. `x` is in the unit box. */
  inject?(x: Float64Array, fx: number): void;
  /**
   * The value above which the exact value of a candidate cannot matter to it: told any bound above this in place of a value above this, it
   * asks for the same points as if it had been told the value. `Infinity`: every value matters. It is asked when the candidate is started.
   *
   * @default every value matters
   */
  cutoff?(candidate: Candidate): number;
  readonly stopReason: StopReason | undefined;
  /** A deep copy that later calls leave alone. */
  snapshot(): OptimizerSnapshot;
  /**
   * Becomes what `snapshot` was taken from; the optimizer was made with the same options and dimension.
   *
   * @throws {CodedError} `snapshot-invalid` when it is damaged, foreign or of another version or shape; the optimizer is then unchanged
   */
  restore(snapshot: OptimizerSnapshot): void;
}

/** What every optimizer is given when it is made. */
export interface OptimizerContext {
  readonly dimension: number;
  /** Where to start, a point of the unit box. */
  readonly start: Float64Array;
  /** Its own stream; its state is part of the snapshot. */
  readonly random: RandomStream;
  /** Which coordinates stand for integers: `steps[i]` is their number of values, 0 for a continuous coordinate. */
  readonly steps: readonly number[];
}

/** A kind of optimizer. */
export interface OptimizerComponent<Options = never> extends Component<Options, OptimizerContext, Optimizer> {
  /**
   * The options of the next one, where they depend on those before it: a restart with a larger population. Without it all are alike.
   *
   * @param options as the configuration has them
   * @param earlier for each optimizer of this entry of the configuration, how many evaluations it has used, in the order of their starts
   * @param random a stream of this decision alone
   */
  vary?(
    this: void,
    options: Options,
    earlier: readonly number[],
    dimension: number,
    random: RandomStream,
  ): object;
  /** Whether one with these options begins another search of its own after it has converged: that it converges to a bad place then says nothing of what it will find. */
  restarts?(this: void, options: Options): boolean;
}
