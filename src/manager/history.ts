import type { OptimizerHistory } from '../hunters/contract.ts';

/** The values of one optimizer that hunters may look back on: no more than their largest window. */
export class ValueHistory implements OptimizerHistory {
  readonly id: number;
  readonly type: string;
  readonly #capacity: number;
  readonly #values: Float64Array;
  /** The best value so far, as it was after each of the latest evaluations. */
  readonly #bests: Float64Array;
  #count = 0;
  #best = NaN;

  /** @param window how many evaluations back anyone will look */
  constructor(id: number, type: string, window: number) {
    this.id = id;
    this.type = type;
    this.#capacity = window + 1;
    this.#values = new Float64Array(this.#capacity);
    this.#bests = new Float64Array(this.#capacity);
  }

  get evaluations(): number {
    return this.#count;
  }

  get best(): number {
    return this.#best;
  }

  /** @param fx finite */
  push(fx: number): void {
    if (!(this.#best <= fx)) this.#best = fx;
    const at = this.#count++ % this.#capacity;
    this.#values[at] = fx;
    this.#bests[at] = this.#best;
  }

  bestAgo(calls: number): number {
    const index = this.#count - 1 - calls;
    if (index < 0 || calls >= this.#capacity) return NaN;
    return this.#bests[index % this.#capacity]!;
  }

  lastValues(calls: number): Float64Array {
    const length = Math.min(calls, this.#count, this.#capacity);
    const first = this.#count - length;
    return Float64Array.from({ length }, (_, i) => this.#values[(first + i) % this.#capacity]!);
  }
}
