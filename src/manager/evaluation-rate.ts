/** Weights fall by e in so long: longer than a manager or a machine stalls, as short as an optimizer takes to change its pace. */
const TIME_CONSTANT_SECONDS = 0.3;
/** Shorter times than this say nothing. */
const LEAST_SECONDS = 1e-3;

/**
 * How many evaluations a second an optimizer makes: all that came, over all the time it took, both weighted by how long ago that was. What a
 * stalled manager takes in all at once counts with the time for which it had stalled; a mean of each batch's own rate would be as
 * high as a message is quick.
 */
export class EvaluationRate {
  #evaluations = 0;
  #seconds = 0;
  #at: number;

  /** @param now in milliseconds, as all times here */
  constructor(now: number) {
    this.#at = now;
  }

  add(evaluations: number, now: number): void {
    const kept = Math.exp(-(now - this.#at) / 1000 / TIME_CONSTANT_SECONDS);
    this.#evaluations = this.#evaluations * kept + evaluations;
    // The integral of the weights over the time since the last ones came.
    this.#seconds = this.#seconds * kept + TIME_CONSTANT_SECONDS * (1 - kept);
    this.#at = now;
  }

  get perSecond(): number {
    return this.#evaluations / Math.max(LEAST_SECONDS, this.#seconds);
  }
}
