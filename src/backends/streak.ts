/**
 * How many of an optimizer's points in a row were known. It depends on the points alone and not on the order in which they are noted, so that
 * it is the same again when the optimizer goes on in another host.
 */
export class Streak {
  /** The last candidate that was evaluated. */
  #fresh: number;
  /** Those after it that were known. */
  #known: number[];

  /** @param saved what `save` returned */
  constructor([fresh = 0, ...known]: readonly number[] = []) {
    this.#fresh = fresh;
    this.#known = known;
  }

  get length(): number {
    return this.#known.length;
  }

  evaluated(candidateId: number): void {
    if (candidateId <= this.#fresh) return;
    this.#fresh = candidateId;
    if (this.#known.length > 0) this.#known = this.#known.filter((id) => id > candidateId);
  }

  wasKnown(candidateId: number): void {
    if (candidateId > this.#fresh) this.#known.push(candidateId);
  }

  save(): readonly number[] {
    return [this.#fresh, ...this.#known];
  }
}
