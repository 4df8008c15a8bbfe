/** When there are so many stretches, each two become one. */
const CAPACITY = 128;

/**
 * The lowest value in each of 64 to 127 equally long stretches of an optimizer's life: how it came down, in a size that does not grow with its evaluations.
 * Lowest values of two stretches give that of both, so nothing is lost when stretches are joined.
 */
export class Stretches {
  readonly #lows = new Float64Array(CAPACITY);
  #complete = 0;
  /** Values of a stretch. */
  #length = 1;
  #low = Infinity;
  #seen = 0;

  /** @param value finite */
  push(value: number): void {
    if (value < this.#low) this.#low = value;
    if (++this.#seen < this.#length) return;
    this.#lows[this.#complete++] = this.#low;
    this.#low = Infinity;
    this.#seen = 0;
    if (this.#complete === CAPACITY) this.#join();
  }

  #join(): void {
    for (let i = 0; i < CAPACITY / 2; i++)
      this.#lows[i] = Math.min(this.#lows[2 * i]!, this.#lows[2 * i + 1]!);
    this.#complete = CAPACITY / 2;
    this.#length *= 2;
  }

  /** Of the stretches that are complete, oldest first. */
  get lows(): Float64Array {
    return this.#lows.slice(0, this.#complete);
  }
}
