import { select } from '../core/select.ts';

/** Enough for a median that is good to a few percent, and few enough to sort at every hunt. */
const CAPACITY = 1024;

/**
 * How far the median of all values seen in a run lies above the best of them.
 *
 * While optimizers sit in local minima most of the time, this is the typical distance between such a minimum and the best one,
 * which is the scale on which to tell progress from standstill. The few, huge values of starting phases hardly move a median; they
 * made the interquartile range jump by a factor of ten within a run. It maps to `a` times itself when f becomes a·f + b, a > 0.
 *
 * The median is taken from an even sample: every `stride`-th value, where the stride doubles whenever the sample is full. No
 * draws, so the same history gives the same spread.
 */
export class Spread {
  #sample = new Float64Array(CAPACITY);
  #length = 0;
  #stride = 1;
  #seen = 0;
  #best = NaN;

  /** @param fx finite */
  push(fx: number): void {
    if (!(this.#best <= fx)) this.#best = fx;
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.#length === CAPACITY) {
      for (let i = 0; i < CAPACITY / 2; i++) this.#sample[i] = this.#sample[2 * i]!;
      this.#length = CAPACITY / 2;
      this.#stride *= 2;
      // CAPACITY strides were seen before this value, so it is one of the new, wider stride as well.
    }
    this.#sample[this.#length++] = fx;
  }

  /** The lowest value; `NaN` before the first. */
  get best(): number {
    return this.#best;
  }

  /** 0 before the first value, and while at least half of all are the best. */
  get value(): number {
    if (this.#length === 0) return 0;
    return median(this.#sample.slice(0, this.#length)) - this.#best;
  }
}

/** @param values come into another order */
function median(values: Float64Array): number {
  const middle = values.length >> 1;
  const upper = select(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < middle; i++) if (values[i]! > lower) lower = values[i]!;
  return lower + (upper - lower) / 2;
}
