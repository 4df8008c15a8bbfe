import { positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

/** A step that gains less than this part of what was expected is a bad one. */
export const POOR = 0.1;
const GOOD = 0.7;

/**
 * Two radii: `delta` of the trust region, and `rho` <= `delta`, the resolution, which only ever falls: the region does not get smaller than what is
 * to be resolved at the moment.
 *
 * @see Powell (2009), The BOBYQA algorithm, DAMTP 2009/NA06, eqs. 2.2, 6.7 and 6.8
 */
export class Radius {
  #rho: number;
  #delta: number;

  constructor(rho: number, delta: number = rho) {
    this.#rho = rho;
    this.#delta = delta;
  }

  get rho(): number {
    return this.#rho;
  }

  get delta(): number {
    return this.#delta;
  }

  /** After a step of this length that gained `ratio` times what was expected; eq. 6.7. */
  judge(ratio: number, length: number): void {
    if (ratio <= POOR) this.#delta = Math.min(this.#delta, length) / 2;
    else if (ratio <= GOOD) this.#delta = Math.max(this.#delta / 2, length);
    else this.#delta = Math.max(this.#delta / 2, 2 * length);
    this.#settle();
  }

  /** After a step too short to be tried. */
  shrink(): void {
    this.#delta *= 0.1;
    this.#settle();
  }

  /** Goes on to a finer resolution; eq. 6.8. */
  refine(end: number): void {
    const ratio = this.#rho / end;
    const next = ratio <= 16 ? end : ratio <= 250 ? Math.sqrt(ratio) * end : 0.1 * this.#rho;
    this.#delta = Math.max(this.#rho / 2, next);
    this.#rho = next;
  }

  #settle(): void {
    if (this.#delta <= 1.5 * this.#rho) this.#delta = this.#rho;
    // The box is no larger.
    this.#delta = Math.min(this.#delta, 1e3);
  }

  save(writer: SnapshotWriter): void {
    writer.numbers([this.#rho, this.#delta]);
  }

  static load(reader: SnapshotReader): Radius {
    const rho = reader.number('resolution', positive);
    return new Radius(rho, reader.number('trust region', positive));
  }
}
