import type { BestEntry } from './frame.ts';

/** The best evaluations of a run, the best first; of equal ones the earlier. */
export class BestList {
  readonly #most: number;
  readonly #entries: BestEntry[] = [];
  #changed = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get first(): BestEntry | undefined {
    return this.#entries[0];
  }

  get entries(): readonly BestEntry[] {
    return this.#entries;
  }

  /** The revision in which it changed last. */
  get changed(): number {
    return this.#changed;
  }

  /** @returns whether it is the best of all. In the order of calls. */
  add(entry: BestEntry, revision: number): boolean {
    const { fx } = entry;
    if (this.#entries.length === this.#most && fx >= this.#entries.at(-1)!.fx) return false;
    let low = 0;
    for (let high = this.#entries.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle]!.fx <= fx) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
    if (this.#entries.length > this.#most) this.#entries.pop();
    this.#changed = revision;
    return low === 0;
  }
}
