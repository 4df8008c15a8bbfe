import type { Clock } from '../../src/core/clock.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** Time that passes only when something is due. Equal times keep the order in which they were asked for. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap by (at, order). */
  readonly #heap: Entry[] = [];
  readonly #cancelled = new Set<Entry>();

  /** @param now what `elapsed` says at first */
  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return 1_700_000_000_000 + this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#now + ms, order: this.#order++, call };
    this.#push(entry);
    return () => {
      this.#cancelled.add(entry);
    };
  }

  soon(call: () => void): void {
    this.after(0, call);
  }

  /** Does what is due next. @returns false when nothing is waiting */
  step(): boolean {
    for (;;) {
      const entry = this.#pop();
      if (!entry) return false;
      if (this.#cancelled.delete(entry)) continue;
      this.#now = entry.at;
      entry.call();
      return true;
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
