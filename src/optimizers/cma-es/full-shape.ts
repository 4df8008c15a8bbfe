import type { RandomStream } from '../../core/random.ts';
import { SymmetricEigen } from '../math/eigen.ts';
import { addOuterProducts, multiply, multiplyTransposed } from '../math/matrix.ts';
import { finite, positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Shape, squaredRatio } from './shape.ts';

/** Any ellipsoid: O(n^2) a sample and a row learned, O(n^3) a decomposition. */
export class FullShape implements Shape {
  readonly #n: number;
  /** C, of which only the lower triangle is kept up to date. */
  readonly covariance: Float64Array;
  /** B: eigenvectors as columns, of C as it was when it was last decomposed. */
  readonly basis: Float64Array;
  /** The diagonal of D. */
  readonly axes: Float64Array;
  isSound = true;
  readonly #eigen: SymmetricEigen;
  readonly #z: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.covariance = new Float64Array(n * n);
    this.basis = new Float64Array(n * n);
    this.axes = new Float64Array(n);
    this.#eigen = new SymmetricEigen(n);
    this.#z = new Float64Array(n);
    this.#setToSphere();
  }

  sample(random: RandomStream, steps: Float64Array, at: number): number {
    const z = this.#z;
    let square = 0;
    for (let i = 0; i < z.length; i++) {
      const normal = random.normal(); // eq. 38: z ~ N(0, I)
      square += normal * normal;
      z[i] = normal * this.axes[i]!;
    }
    multiply(this.basis, this.#n, z, steps, at); // eq. 39: y = B D z
    return square;
  }

  whiten(steps: Float64Array, at: number, out: Float64Array): number {
    multiplyTransposed(this.basis, this.#n, steps, at, out);
    let square = 0;
    for (let i = 0; i < out.length; i++) {
      const z = out[i]! / this.axes[i]!;
      out[i] = z;
      square += z * z;
    }
    return square;
  }

  rotate(v: Float64Array, out: Float64Array): void {
    multiply(this.basis, this.#n, v, out, 0);
  }

  variance(i: number): number {
    return this.covariance[i * this.#n + i]!;
  }

  axis(axis: number, i: number): number {
    return this.axes[axis]! * this.basis[i * this.#n + axis]!;
  }

  condition(): number {
    return this.isSound ? squaredRatio(this.axes) : Infinity;
  }

  learn(decay: number, rows: Float64Array, starts: Int32Array, factors: Float64Array): void {
    addOuterProducts(this.covariance, this.#n, decay, rows, starts, factors);
  }

  mirror(i: number): void {
    const n = this.#n;
    for (let k = 0; k < n; k++) {
      this.basis[i * n + k] = -this.basis[i * n + k]!;
      if (k !== i) {
        this.covariance[i * n + k] = -this.covariance[i * n + k]!;
        this.covariance[k * n + i] = -this.covariance[k * n + i]!;
      }
    }
  }

  decompose(): void {
    const converged = this.#eigen.decompose(this.covariance, this.basis, this.axes);
    this.isSound &&= converged && this.axes.every((variance) => variance > 0);
    if (!this.isSound) this.#setToSphere();
    for (let i = 0; i < this.axes.length; i++) this.axes[i] = Math.sqrt(this.axes[i]!);
  }

  #setToSphere(): void {
    this.axes.fill(1);
    this.covariance.fill(0);
    this.basis.fill(0);
    for (let i = 0; i < this.#n; i++) this.covariance[i * this.#n + i] = this.basis[i * this.#n + i] = 1;
  }

  save(writer: SnapshotWriter): void {
    const n = this.#n;
    writer.numbers(this.axes);
    writer.numbers(this.basis);
    for (let i = 0; i < n; i++) writer.numbers(this.covariance.subarray(i * n, i * n + i + 1));
  }

  load(reader: SnapshotReader): void {
    const n = this.#n;
    this.axes.set(reader.numbers('axes', n, positive));
    this.basis.set(reader.numbers('eigenvectors', n * n, (value) => Math.abs(value) <= 1 + 1e-9));
    for (let i = 0; i < n; i++) {
      this.covariance.set(reader.numbers('covariance', i, finite), i * n);
      this.covariance[i * n + i] = reader.number('covariance', positive);
    }
  }
}
