import type { Clock } from '../../core/clock.ts';

/** Waits for somebody, and not for ever. */
export class Patience {
  readonly #clock: Clock;
  readonly #seconds: number;
  readonly #onEnd: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, seconds: number, onEnd: () => void) {
    this.#clock = clock;
    this.#seconds = seconds;
    this.#onEnd = onEnd;
  }

  /** Something was heard. @param isWaiting whether more is waited for */
  note(isWaiting: boolean): void {
    this.#cancel?.();
    this.#cancel = isWaiting ? this.#clock.after(1000 * this.#seconds, this.#onEnd) : undefined;
  }
}
