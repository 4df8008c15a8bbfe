/** How long a run has been at work: what limits of time go by, which do not count pauses. All moments are milliseconds since the Unix epoch. */
export class Spending {
  #sessionAt: number;
  #earlierMs = 0;
  #pausedMs = 0;
  #pausedAt: number | undefined;

  constructor(startedAt: number) {
    this.#sessionAt = startedAt;
  }

  paused(at: number): void {
    this.#pausedAt ??= at;
  }

  unpaused(at: number): void {
    if (this.#pausedAt !== undefined) this.#pausedMs += at - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  /** Another session began; a pause outlives the one before. @param latest when that was heard of last */
  resumed(at: number, latest: number): void {
    this.#earlierMs += this.session(latest);
    this.#sessionAt = at;
    this.#pausedMs = 0;
    if (this.#pausedAt !== undefined) this.#pausedAt = at;
  }

  session(now: number): number {
    return Math.max(0, (this.#pausedAt ?? now) - this.#sessionAt - this.#pausedMs);
  }

  overall(now: number): number {
    return this.#earlierMs + this.session(now);
  }
}
