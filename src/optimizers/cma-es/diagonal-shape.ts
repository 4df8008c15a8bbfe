import type { RandomStream } from '../../core/random.ts';
import { positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Shape, squaredRatio } from './shape.ts';

/**
 * Ellipsoids whose axes are those of the parameters: O(n) a sample and a row learned.
 *
 * @see Ros and Hansen (2008), A simple modification in CMA-ES achieving linear time and space complexity, PPSN X
 */
export class DiagonalShape implements Shape {
  readonly #variances: Float64Array;
  /** The diagonal of D: square roots of the variances when they were last looked at. */
  readonly #axes: Float64Array;
  isSound = true;
  readonly #z: Float64Array;

  constructor(n: number) {
    this.#z = new Float64Array(n);
    this.#variances = new Float64Array(n).fill(1);
    this.#axes = new Float64Array(n).fill(1);
  }

  sample(
    random: RandomStream,
    steps: Float64Array,
    at: number,
    from = 0,
    to: number = this.#z.length,
  ): number {
    const z = this.#z;
    random.normals(z, from, to - from);
    let square = 0;
    for (let i = from; i < to; i++) {
      square += z[i]! * z[i]!;
      steps[at + i] = z[i]! * this.#axes[i]!;
    }
    return square;
  }

  whiten(steps: Float64Array, at: number, out: Float64Array): number {
    let square = 0;
    for (let i = 0; i < out.length; i++) {
      const z = steps[at + i]! / this.#axes[i]!;
      out[i] = z;
      square += z * z;
    }
    return square;
  }

  variance(i: number): number {
    return this.#variances[i]!;
  }

  findAxes(): void {
    // They are those of the parameters.
  }

  axis(axis: number, i: number): number {
    return axis === i ? this.#axes[i]! : 0;
  }

  condition(): number {
    return this.isSound ? squaredRatio(this.#axes) : Infinity;
  }

  learn(decay: number, rows: Float64Array, starts: Int32Array, factors: Float64Array): void {
    for (let i = 0; i < this.#variances.length; i++) {
      let sum = decay * this.#variances[i]!;
      for (let r = 0; r < starts.length; r++) {
        const y = rows[starts[r]! + i]!;
        sum += factors[r]! * y * y;
      }
      this.#variances[i] = sum;
    }
  }

  mirror(): void {
    // A variance has no sign.
  }

  decompose(): void {
    this.isSound &&= this.#variances.every((variance) => variance > 0 && variance < Infinity);
    if (!this.isSound) this.#variances.fill(1);
    for (let i = 0; i < this.#axes.length; i++) this.#axes[i] = Math.sqrt(this.#variances[i]!);
  }

  save(writer: SnapshotWriter): void {
    writer.numbers(this.#axes);
    writer.numbers(this.#variances);
  }

  load(reader: SnapshotReader): void {
    const n = this.#axes.length;
    this.#axes.set(reader.numbers('axes', n, positive));
    this.#variances.set(reader.numbers('variances', n, positive));
  }
}
