import type { Clock } from '../core/clock.ts';

/** On whose account a run is paused. */
export type Pauser = 'hand' | 'free-space';

/** The time that a run has taken, in which pauses do not count. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #pausers = new Set<Pauser>();
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

  /** @returns whether it was not paused by this one already */
  pause(by: Pauser): boolean {
    if (this.#pausers.has(by)) return false;
    this.#pausers.add(by);
    this.#pausedAt ??= this.#clock.elapsed();
    return true;
  }

  /** A hand ends every pause, anything else its own. @returns whether time goes on by that */
  unpause(by: Pauser): boolean {
    if (by === 'hand') this.#pausers.clear();
    else this.#pausers.delete(by);
    if (this.#pausedAt === undefined || this.#pausers.size > 0) return false;
    this.#pausedMs += this.#clock.elapsed() - this.#pausedAt;
    this.#pausedAt = undefined;
    return true;
  }
}
