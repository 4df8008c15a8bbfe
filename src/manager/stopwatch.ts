import type { Clock } from '../core/clock.ts';

/** The time that a run has taken, in which pauses do not count. */
export class Stopwatch {
  readonly #clock: Clock;
  #startedAt = 0;
  #pausedAt: number | undefined;
  #pausedMs = 0;
  readonly #secondsBefore: number;

  /** @param secondsBefore that the run took in earlier sessions */
  constructor(clock: Clock, secondsBefore = 0) {
    this.#clock = clock;
    this.#secondsBefore = secondsBefore;
  }

  get isPaused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** Of this session, and of all together. */
  get spent(): { readonly session: number; readonly overall: number } {
    const session = this.#seconds;
    return { session, overall: this.#secondsBefore + session };
  }

  get #seconds(): number {
    const now = this.#pausedAt ?? this.#clock.elapsed();
    return (now - this.#startedAt - this.#pausedMs) / 1000;
  }

  start(): void {
    this.#startedAt = this.#clock.elapsed();
  }

  pause(): void {
    this.#pausedAt ??= this.#clock.elapsed();
  }

  unpause(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += this.#clock.elapsed() - this.#pausedAt;
    this.#pausedAt = undefined;
  }
}
