/** About so many numbers lie in one piece of memory. */
const LENGTH = 1024;

/** V8 keeps arrays of so few numbers among its objects. */
const FEW = 8;

/**
 * Memory for points of one dimension, which nobody shares: many of them lie side by side in one `ArrayBuffer`, because one of its own costs half a
 * microsecond and a place in a common one a tenth of that. Whoever keeps a point keeps its 8 KiB.
 */
export class PointSlab {
  readonly #dimension: number;
  #buffer = new ArrayBuffer(0);
  #used = 0;

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  /** A point that is all 0. */
  next(): Float64Array {
    const n = this.#dimension;
    if (n <= FEW) return new Float64Array(n);
    if (this.#used === this.#buffer.byteLength) {
      this.#buffer = new ArrayBuffer(8 * n * Math.ceil(LENGTH / n));
      this.#used = 0;
    }
    const point = new Float64Array(this.#buffer, this.#used, n);
    this.#used += 8 * n;
    return point;
  }
}
