const MOST = 64;

/**
 * A value over the time that it was looked at, in few enough samples to draw: when there are too many, every other one goes, and from
 * then on half as many come. So a trail always reaches back to the beginning.
 */
export class Trail {
  #kept: number[] = [];
  #every = 1;
  #passed = 0;
  #latest: number | undefined;

  push(value: number): void {
    this.#latest = value;
    if (this.#passed++ % this.#every > 0) return;
    this.#kept.push(value);
    if (this.#kept.length < MOST) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
    this.#passed = 0;
  }

  /** Oldest first, the latest one at the end. */
  get values(): readonly number[] {
    return this.#latest === undefined ? [] : [...this.#kept, this.#latest];
  }
}
