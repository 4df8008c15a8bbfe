import type { Answer, Candidate } from '../optimizers/contract.ts';
import type { FailurePolicy, Outcome } from '../tasks/contract.ts';

/** What an optimizer is told for each outcome: a pure function of the outcomes so far, so that a replay tells the same. */
export class ToldValues {
  readonly #policy: FailurePolicy;
  #worst = NaN;

  constructor(policy: FailurePolicy) {
    this.#policy = policy;
  }

  /** The worst value so far; `NaN` before the first. */
  get worst(): number {
    return this.#worst;
  }

  /** Goes on from where another one was. */
  restore(worst: number): void {
    this.#worst = worst;
  }

  answer(
    candidate: Candidate,
    { status, fx, violation }: Pick<Outcome, 'status' | 'fx' | 'violation'>,
  ): Answer {
    if (status === 'ok' || status === 'censored') {
      if (!(fx <= this.#worst)) this.#worst = fx;
      return violation ? { ...candidate, fx, violation } : { ...candidate, fx };
    }
    return { ...candidate, fx: this.#policy.kind === 'recover' ? this.#policy.value : this.#fallback };
  }

  get #fallback(): number {
    return this.#policy.kind === 'worst' ? this.#worst : NaN;
  }
}
