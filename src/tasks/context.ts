import { wordsAt } from '../core/random.ts';
import type { EvaluationContext } from './contract.ts';

/** What the evaluations of one optimizer have in common. */
export interface ContextSetup {
  /** Names of all parameters, fixed ones included, in the order of the configuration. */
  readonly names: readonly string[];
  /** The run's seed. */
  readonly seed: number;
  readonly optimizerId: number;
  /** Whether the optimizer can use a gradient. */
  readonly wantsGradient: boolean;
}

/**
 * What a task may know about one call. Most tasks look at little of it, so parameters, seed and signal are made when they are asked for.
 *
 * @param x the point as it is logged: the task is given a copy (see `evaluateTask`), so this stays as it is
 * @param abort an `AbortController`, for example: it makes its signal, which takes longer than all the rest, when that is asked for
 * @param cutoff in the task's unit; `Infinity` when every value matters
 */
export function evaluationContext(
  setup: ContextSetup,
  candidateId: number,
  x: Float64Array,
  abort: Pick<AbortController, 'signal'>,
  cutoff: number = Infinity,
): EvaluationContext {
  return new LazyContext(setup, candidateId, x, abort, cutoff);
}

/** The seed that a task is given for one candidate: 32 bits, since few random generators take more. */
export function taskSeed(runSeed: number, optimizerId: number, candidateId: number): number {
  return wordsAt(runSeed, 'task', optimizerId, candidateId)[0];
}

class LazyContext implements EvaluationContext {
  readonly candidateId: number;
  readonly cutoff: number;
  readonly #abort: Pick<AbortController, 'signal'>;
  readonly #setup: ContextSetup;
  readonly #x: Float64Array;
  #parameters: Readonly<Record<string, number>> | undefined;

  constructor(
    setup: ContextSetup,
    candidateId: number,
    x: Float64Array,
    abort: Pick<AbortController, 'signal'>,
    cutoff: number,
  ) {
    this.#setup = setup;
    this.candidateId = candidateId;
    this.#x = x;
    this.#abort = abort;
    this.cutoff = cutoff;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get parameters(): Readonly<Record<string, number>> {
    // fromEntries, not assignment: a parameter may be called __proto__
    this.#parameters ??= Object.freeze(
      Object.fromEntries(this.#setup.names.map((name, i) => [name, this.#x[i]!])),
    );
    return this.#parameters;
  }

  get names(): readonly string[] {
    return this.#setup.names;
  }

  get seed(): number {
    return taskSeed(this.#setup.seed, this.#setup.optimizerId, this.candidateId);
  }

  get optimizerId(): number {
    return this.#setup.optimizerId;
  }

  get wantsGradient(): boolean {
    return this.#setup.wantsGradient;
  }
}
