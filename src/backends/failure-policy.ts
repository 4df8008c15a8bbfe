import { CodedError } from '../core/errors.ts';
import type { Answer, Candidate, Optimizer } from '../optimizers/contract.ts';
import type { Space } from '../space/space.ts';
import type { FailurePolicy, Outcome } from '../tasks/contract.ts';
import { isResiduals, type ResidualRule, weightedResiduals } from '../tasks/residuals.ts';

/** What an optimizer is told for each outcome: a pure function of the outcomes so far, so that a replay tells the same. */
export class ToldValues {
  readonly #policy: FailurePolicy;
  readonly #space: Space;
  readonly #rules: readonly ResidualRule[];
  #listener = '';
  #uses: ReadonlySet<string> = new Set();
  #worst = NaN;

  constructor(policy: FailurePolicy, space: Space, rules: readonly ResidualRule[] = []) {
    this.#policy = policy;
    this.#space = space;
    this.#rules = rules;
  }

  /** Whom it tells. */
  set listener({ type, uses }: Pick<Optimizer, 'type' | 'uses'>) {
    this.#listener = type;
    this.#uses = new Set(uses);
  }

  /** The worst value so far; `NaN` before the first. */
  get worst(): number {
    return this.#worst;
  }

  /** Goes on from where another one was. */
  restore(worst: number): void {
    this.#worst = worst;
  }

  /** @throws {CodedError} `residuals-missing` for an optimizer that needs them, and a task that has none */
  answer(candidate: Candidate, outcome: Outcome): Answer {
    const { status, fx, violation } = outcome;
    if (status === 'ok' || status === 'censored') {
      if (!(fx <= this.#worst)) this.#worst = fx;
      const answer = violation ? { ...candidate, fx, violation } : { ...candidate, fx };
      return this.#uses.size > 0 && status === 'ok'
        ? { ...answer, ...this.#more(candidate, outcome) }
        : answer;
    }
    return { ...candidate, fx: this.#policy.kind === 'recover' ? this.#policy.value : this.#fallback };
  }

  /** What an optimizer can use besides the value. */
  #more({ x }: Candidate, { extras }: Outcome): Pick<Answer, 'residuals' | 'gradient'> {
    const { residuals, gradient } = extras ?? {};
    if (this.#uses.has('residuals') && !isResiduals(residuals))
      throw new CodedError(
        'residuals-missing',
        `${this.#listener} solves least squares, and the task returns a value alone: let it return { residuals: [...] }, or use another optimizer`,
      );
    return {
      ...(this.#uses.has('residuals') && isResiduals(residuals)
        ? { residuals: weightedResiduals(residuals, this.#rules) }
        : {}),
      ...(this.#uses.has('gradient') && Array.isArray(gradient)
        ? { gradient: this.#space.gradient(x, gradient as readonly number[]) }
        : {}),
    };
  }

  get #fallback(): number {
    return this.#policy.kind === 'worst' ? this.#worst : NaN;
  }
}
