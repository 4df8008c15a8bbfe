import type { OptimizerUse, RunConfig } from '../config/run-config.ts';
import type { NoiseFigures } from '../log/figures.ts';
import type { CreditLedger } from './credits.ts';

const MOST_TRIES = 5;

/**
 * The evaluations of the best point that follow a run, where the task is noisy: the best of many noisy values is lower than the task is
 * there on average. They are part of the budget, and are kept back for the end.
 */
export class Reevaluation {
  readonly #times: number;
  readonly #use: OptimizerUse;
  /** Mean and sum of squared differences from it, updated value by value (Welford 1962). */
  #count = 0;
  #mean = 0;
  #squares = 0;
  /** The optimizer that does it, once it has begun. */
  #id: number | undefined;
  #isUnderWay = false;
  #tries = 0;
  /** Evaluations that were not made yet. */
  #missing: number;

  constructor({ manager, optimizers }: RunConfig) {
    this.#times = manager.reevaluateBest;
    this.#missing = this.#times;
    this.#use = optimizers.use[0]!;
  }

  /** How many evaluations are kept back. */
  get reserved(): number {
    return this.#id === undefined ? this.#times : 0;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Whether there is something left to do: an optimizer whose host died is replaced. */
  get isDue(): boolean {
    return this.#missing > 0 && this.#tries < MOST_TRIES;
  }

  /** The run goes on after all: what was made was for nothing, and is made again at its new end, if the budget allows. */
  beginAnew(credits: CreditLedger): void {
    this.#isUnderWay = false;
    if (this.#id === undefined || credits.grantable <= this.#times) return;
    this.#id = undefined;
    this.#tries = 0;
    this.#forget();
    credits.raise(-this.#times);
  }

  #forget(): void {
    this.#missing = this.#times;
    this.#count = 0;
    this.#mean = 0;
    this.#squares = 0;
  }

  /**
   * Does again what an earlier session did.
   *
   * @param times how many evaluations that optimizer was to make: all of them when the run had gone on after its end, and then those before were for nothing
   */
  beginAgain(id: number, times: unknown): void {
    if (times === this.#times) this.#forget();
    this.begin(id);
  }

  /** What is missing will not be made. */
  giveUp(): void {
    this.#missing = 0;
  }

  /** @param id the optimizer that does it */
  begin(id: number): OptimizerUse {
    this.#id = id;
    this.#isUnderWay = true;
    this.#tries++;
    return { ...this.#use, name: 'repeat', options: { times: this.#missing } };
  }

  /** @param fx of any optimizer's evaluation; `NaN` when it failed */
  add(optimizerId: number, fx: number): void {
    if (optimizerId !== this.#id) return;
    this.#missing = Math.max(0, this.#missing - 1);
    if (Number.isNaN(fx)) return;
    this.#count++;
    const before = fx - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (fx - this.#mean);
  }

  /** What they gave; `null` when there were none. */
  figures(): NoiseFigures | null {
    if (this.#count === 0) return null;
    const sd = this.#count > 1 ? Math.sqrt(this.#squares / (this.#count - 1)) : null;
    return { evaluations: this.#count, mean: this.#mean, sd };
  }
}
