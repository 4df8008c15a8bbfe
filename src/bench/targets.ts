import type { PastEvaluation } from '../log/contract.ts';
import type { Outcome, Yardstick } from './problem.ts';

/**
 * 10^2, 10^1.8, …, 10^-8, all differences from the optimum.
 *
 * @see Hansen et al. (2022), Anytime performance assessment in blackbox optimization benchmarking, IEEE Trans. Evol. Comput. 26:1293
 */
export const TARGETS: readonly number[] = Array.from({ length: 51 }, (_, k) => 10 ** (2 - 0.2 * k));
export const LAST_TARGET: number = TARGETS.at(-1)!;

/** What a run may use, and what its calls use of that. */
export interface Price {
  readonly budget: number;
  /** A call that returned a gradient counts as so many. */
  readonly gradientCost: number;
}

/** What evaluations in the order of the log reached, and when. */
export class Tally {
  readonly #yardstick: Yardstick;
  readonly #price: Price;
  readonly #hits: number[] = [];
  #best = Infinity;
  #spent = 0;

  constructor(yardstick: Yardstick, price: Price = { budget: Infinity, gradientCost: 1 }) {
    this.#yardstick = yardstick;
    this.#price = price;
  }

  /** Whether another evaluation may not count any more. */
  get isSpent(): boolean {
    return this.#spent >= this.#price.budget;
  }

  /** One that the budget does not cover to its end is not counted, nor are those after it. */
  add({ fx, isCounted, violation, extras }: PastEvaluation): void {
    const { budget, gradientCost } = this.#price;
    const cost = isCounted ? (extras?.['gradient'] === undefined ? 1 : gradientCost) : 0;
    if (this.#spent + cost > budget) this.#spent = budget;
    if (this.isSpent && cost > 0) return;
    this.#spent += cost;
    const { optimum, scale, precision } = this.#yardstick;
    if (!(violation === 0 && (fx - optimum) / scale < this.#best)) return;
    this.#best = (fx - optimum) / scale;
    while (
      this.#hits.length < TARGETS.length &&
      this.#best <= Math.max(TARGETS[this.#hits.length]!, precision)
    )
      this.#hits.push(this.#spent);
  }

  get outcome(): Pick<Outcome, 'best' | 'evaluations' | 'hits'> {
    return {
      best: this.#best === Infinity ? null : this.#best,
      evaluations: this.#spent,
      hits: TARGETS.map((_, k) => this.#hits[k] ?? null),
    };
  }
}
