/** Enough for quartiles that are good to a few percent, and few enough to sort at every hunt. */
const CAPACITY = 1024;

/**
 * The interquartile range of all finite values seen in a run, from an even sample of them: every `stride`-th value, where the stride
 * doubles whenever the sample is full. No draws, so the same history gives the same spread.
 */
export class Spread {
  #sample = new Float64Array(CAPACITY);
  #length = 0;
  #stride = 1;
  #seen = 0;

  /** @param fx finite */
  push(fx: number): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.#length === CAPACITY) {
      for (let i = 0; i < CAPACITY / 2; i++) this.#sample[i] = this.#sample[2 * i]!;
      this.#length = CAPACITY / 2;
      this.#stride *= 2;
      // CAPACITY strides were seen before this value, so it is one of the new, wider stride as well.
    }
    this.#sample[this.#length++] = fx;
  }

  /** 0 before there are two values, and while all are the same. */
  get interquartileRange(): number {
    if (this.#length < 2) return 0;
    const sorted = this.#sample.subarray(0, this.#length).toSorted();
    return quantile(sorted, 0.75) - quantile(sorted, 0.25);
  }
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). */
function quantile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const low = Math.floor(position);
  const below = sorted[low]!;
  return below + (position - low) * ((sorted[low + 1] ?? below) - below);
}
