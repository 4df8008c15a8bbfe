import type { LoadPatch } from './frame.ts';

const MOST_BINS = 1024;

/** How much of the time of a run went into evaluations, in bins that become twice as wide as it grows. */
export class Load {
  #width = 1;
  #busy: number[] = [];
  #widened = 0;
  #changed: number[] = [];

  /** An evaluation that went from one time of the run to another, in milliseconds. */
  add(from: number, to: number, revision: number): void {
    while (to >= MOST_BINS * this.#width) this.#widen(revision);
    const last = Math.floor(to / this.#width);
    while (this.#busy.length <= last) {
      this.#busy.push(0);
      this.#changed.push(revision);
    }
    for (let bin = Math.floor(from / this.#width); bin <= last; bin++) {
      const begin = Math.max(from, bin * this.#width);
      const end = Math.min(to, (bin + 1) * this.#width);
      this.#busy[bin]! += end - begin;
      this.#changed[bin] = revision;
    }
  }

  patch(since: number): LoadPatch {
    const changed = since < this.#widened ? 0 : this.#changed.findIndex((revision) => revision > since);
    const from = changed < 0 ? this.#busy.length : changed;
    return { width: this.#width, from, values: this.#busy.slice(from).map(rounded) };
  }

  #widen(revision: number): void {
    this.#width *= 2;
    this.#widened = revision;
    const pairs = Math.ceil(this.#busy.length / 2);
    this.#busy = Array.from({ length: pairs }, (_, i) => this.#busy[2 * i]! + (this.#busy[2 * i + 1] ?? 0));
    this.#changed = this.#busy.map(() => revision);
  }
}

function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
