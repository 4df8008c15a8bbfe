import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 1000;
const MOST_MS = 30_000;

/** What a slot waits after a job that it could not do, longer each time: at once it would take, and spoil, all those that others could do. */
export class BackOff {
  readonly #signal: AbortSignal;
  #nextMs = FIRST_MS;

  /** @param signal aborted when there is nothing to wait for any more */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  reset(): void {
    this.#nextMs = FIRST_MS;
  }

  async wait(): Promise<void> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(2 * ms, MOST_MS);
    await delay(ms, undefined, { ref: false, signal: this.#signal }).catch(() => {});
  }
}
