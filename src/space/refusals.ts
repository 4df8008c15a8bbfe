import { CodedError } from '../core/errors.ts';
import type { Space } from './space.ts';

/** So many points in a row that may not be evaluated, and an optimizer is given up. */
const MOST_IN_A_ROW = 10_000;

/** Keeps points where a limit does not hold from being evaluated, and optimizers from asking for nothing else. */
export class Refusals {
  readonly #space: Space;
  /** Points since the last one that was let through. */
  #inARow = 0;
  #hasPassed = false;
  /** How many of those in a row each limit refused. */
  readonly #counts = new Map<string, number>();

  constructor(space: Space) {
    this.#space = space;
  }

  /**
   * @param x all parameters, in task units
   * @returns how far it is from where all limits hold: 0 lets it through
   */
  violation(x: Float64Array): number {
    const breaches = this.#space.breaches(x);
    if (breaches.length === 0) {
      this.#hasPassed = true;
      if (this.#inARow > 0) this.#counts.clear();
      this.#inARow = 0;
      return 0;
    }
    this.#inARow++;
    let sum = 0;
    for (const { limit, violation } of breaches) {
      sum += violation;
      this.#counts.set(limit.text, (this.#counts.get(limit.text) ?? 0) + 1);
    }
    return sum;
  }

  /**
   * @param optimizer its type
   * @throws {CodedError} `optimizer-stuck` when it has asked for too many points that were refused
   */
  check(optimizer: string): void {
    if (this.#inARow >= MOST_IN_A_ROW) throw this.#stuck(`${optimizer} asked for`);
  }

  /**
   * To be asked when an optimizer ends by itself: one without any evaluation has found nothing, and so would the next one.
   *
   * @throws {CodedError} `optimizer-stuck`
   */
  checkEnd(optimizer: string, reason: string): void {
    if (!this.#hasPassed && this.#inARow > 0)
      throw this.#stuck(`${optimizer} ended (${reason}) without any evaluation: it asked for`);
  }

  #stuck(what: string): CodedError {
    const [text, count] = [...this.#counts].reduce((most, one) => (one[1] > most[1] ? one : most));
    return new CodedError(
      'optimizer-stuck',
      `${what} ${this.#inARow} points in a row that may not be evaluated, ${count} of them because of ${text}; start where all constraints hold (initial values, generator), and see that they do not contradict each other`,
    );
  }
}
