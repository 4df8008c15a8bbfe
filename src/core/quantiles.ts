/** Bounds of the bins are powers of 2^(1/4): a quantile is right to within 19 %. */
const BINS_PER_OCTAVE = 4;
/** The first bin ends here, in milliseconds; the last one begins at about an hour. */
const LEAST_MS = 0.05;
const BINS = 104;

/** How often durations of which length were seen, in so few numbers that they can be sent and added. */
export class DurationCounts {
  #counts: Uint32Array = new Uint32Array(BINS);

  /** @param count how often */
  add(ms: number, count: number): void {
    const bin = ms <= LEAST_MS ? 0 : Math.ceil(BINS_PER_OCTAVE * Math.log2(ms / LEAST_MS));
    this.#counts[Math.min(bin, BINS - 1)]! += count;
  }

  /** What was counted since the last call; `undefined` when nothing was. */
  take(): Uint32Array | undefined {
    if (this.#counts.every((count) => count === 0)) return undefined;
    const taken = this.#counts;
    this.#counts = new Uint32Array(BINS);
    return taken;
  }

  merge(counts: Uint32Array): void {
    for (let i = 0; i < BINS; i++) this.#counts[i]! += counts[i] ?? 0;
  }

  /** The duration that this part of all does not exceed, in milliseconds, rounded up to the next bin; `NaN` when there are none. */
  quantile(part: number): number {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    let left = part * total;
    if (total === 0) return NaN;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#counts[bin]!;
      if (left <= 0) return LEAST_MS * 2 ** (bin / BINS_PER_OCTAVE);
    }
    return NaN;
  }
}
