import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';

/** Of the last steps, and how many of them must have disappointed. */
const STEPS = 10;
const MOST = 6;

/**
 * Whether a function is rough on the scale of the steps: where it is smooth a quasi-Newton step gains about what its quadratic model promises, between a tenth and
 * several times as much, from the first steps on and however ill-conditioned the function is; where it is not, the slope at a point says little of what is a step away.
 */
export class Roughness {
  readonly #least: number;
  /** One bit a step, the latest last: whether it disappointed. */
  #bits = 0;

  /** @param least the part of the promised gain below which a step disappoints */
  constructor(least: number) {
    this.#least = least;
  }

  /** @param promised by the model, > 0 */
  record(gain: number, promised: number): void {
    this.#bits = ((this.#bits << 1) | Number(gain < this.#least * promised)) & (2 ** STEPS - 1);
  }

  /** Nothing is known of it any more. */
  forget(): void {
    this.#bits = 0;
  }

  /** Why it is rough, if it is. */
  get finding(): string | undefined {
    let count = 0;
    for (let bits = this.#bits; bits > 0; bits >>= 1) count += bits & 1;
    if (count < MOST) return undefined;
    return `${count} of the last ${STEPS} steps gained less than ${this.#least} of what was expected`;
  }

  save(writer: SnapshotWriter): void {
    writer.put('disappointments', this.#bits);
  }

  load(reader: SnapshotReader): void {
    this.#bits = reader.integer('disappointments', 0, 2 ** STEPS - 1);
  }
}
