import type { Clock } from '../core/clock.ts';

/** Slot-milliseconds: two workers that wait for one second are 2000. */
export interface IdleTime {
  /** Workers had nothing to do since there were no credits. */
  readonly credits: number;
  /** Workers had nothing to do while the optimizer computed. */
  readonly maths: number;
}

interface Wait {
  readonly since: number;
  readonly workers: number;
}

/** Keeps account of why an optimizer's workers have nothing to do, where the host knows. The rest is waiting for others' values. */
export class IdleMeter {
  readonly #clock: Clock;
  #credits = 0;
  #maths = 0;
  #computed = 0;
  /** Since when how many workers wait for credits. */
  #waiting: Wait | undefined;
  /** The same, for an optimizer that computes in another process. */
  #thinking: Wait | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds that the optimizer computed, whether anybody waited for it or not. */
  get computedMs(): number {
    return this.#computed;
  }

  get total(): IdleTime {
    const thought = this.#thinking ? this.#thinking.workers * this.#since(this.#thinking) : 0;
    return { credits: this.#credits + this.#waited(), maths: this.#maths + thought };
  }

  /** @param workers how many have nothing to do until there are credits */
  waitForCredits(workers: number): void {
    if (workers === (this.#waiting?.workers ?? 0)) return;
    this.#credits += this.#waited();
    this.#waiting = workers > 0 ? { since: this.#clock.elapsed(), workers } : undefined;
  }

  /** @param workers how many have nothing to do while the optimizer computes in another process; 0: it does not */
  waitForThoughts(workers: number): void {
    if (workers === (this.#thinking?.workers ?? 0)) return;
    if (this.#thinking) {
      const took = this.#since(this.#thinking);
      this.#computed += took;
      this.#maths += this.#thinking.workers * took;
    }
    this.#thinking = workers > 0 ? { since: this.#clock.elapsed(), workers } : undefined;
  }

  /** @param workers how many have nothing to do while `compute` runs */
  during<Result>(workers: number, compute: () => Result): Result {
    const since = this.#clock.elapsed();
    try {
      return compute();
    } finally {
      const took = this.#clock.elapsed() - since;
      this.#computed += took;
      this.#maths += workers * took;
    }
  }

  #waited(): number {
    return this.#waiting ? this.#waiting.workers * this.#since(this.#waiting) : 0;
  }

  #since({ since }: Wait): number {
    return this.#clock.elapsed() - since;
  }
}
