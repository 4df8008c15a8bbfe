/** From one session of a run to the next. */
interface Gap {
  readonly from: number;
  readonly length: number;
}

/**
 * The time of a run: milliseconds since it began, without the gaps between its sessions, in which there was no manager. So a run that was resumed
 * after a week is no line with a week of nothing in it.
 */
export class ActiveTime {
  readonly #startedAt: number;
  readonly #gaps: Gap[] = [];
  #latest: number;

  /** @param startedAt milliseconds since the Unix epoch, as all that is told it */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
    this.#latest = startedAt;
  }

  /** The last that was heard of the run. */
  get latest(): number {
    return this.#latest;
  }

  /** Something happened then. */
  heard(at: number): void {
    if (at > this.#latest) this.#latest = at;
  }

  /** Another session began. */
  resumed(at: number): void {
    const length = at - this.#latest;
    if (length > 0) this.#gaps.push({ from: this.#latest, length });
    this.heard(at);
  }

  /** Never below 0: a clock may have been set back. */
  of(at: number): number {
    let time = at - this.#startedAt;
    for (const { from, length } of this.#gaps) if (at > from) time -= Math.min(length, at - from);
    return Math.max(0, time);
  }
}
