import type { RandomStream } from '../../core/random.ts';
import { SymmetricEigen } from '../math/eigen.ts';
import { addOuterProducts } from '../math/matrix.ts';
import { factorizeRows, multiplyRows, solveRows } from '../math/triangular.ts';
import { finite, positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Shape, squaredRatio } from './shape.ts';

/**
 * Any ellipsoid: O(n^2) a sample and a row learned, n^3 / 6 multiplications a decomposition, which is by Cholesky; eigenvectors take some twenty times as long,
 * and only stop criteria ask for them.
 */
export class FullShape implements Shape {
  readonly #n: number;
  /** C, of which only the lower triangle is kept up to date. */
  readonly covariance: Float64Array;
  /** A with C = A A', lower triangular, of C as it was when it was last decomposed. */
  readonly factor: Float64Array;
  /** 1 / A_ii */
  readonly #inverse: Float64Array;
  /** Eigenvectors of C as columns, as they were when they were last asked for, and the square roots of the eigenvalues. */
  readonly basis: Float64Array;
  readonly axes: Float64Array;
  isSound = true;
  readonly #eigen: SymmetricEigen;
  readonly #z: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.covariance = new Float64Array(n * n);
    this.factor = new Float64Array(n * n);
    this.#inverse = new Float64Array(n);
    this.basis = new Float64Array(n * n);
    this.axes = new Float64Array(n);
    this.#eigen = new SymmetricEigen(n);
    this.#z = new Float64Array(n);
    this.#setToSphere();
  }

  sample(random: RandomStream, steps: Float64Array, at: number, from = 0, to: number = this.#n): number {
    const z = this.#z;
    random.normals(z, from, to - from); // eq. 38: z ~ N(0, I)
    for (let i = from; i < to; i += 4) multiplyRows(this.factor, this.#n, i, z, steps, at); // eq. 39: y = A z
    let square = 0;
    for (let i = from; i < to; i++) square += z[i]! * z[i]!;
    return square;
  }

  whiten(steps: Float64Array, at: number, out: Float64Array): number {
    solveRows(this.factor, this.#n, this.#inverse, steps, at, out);
    let square = 0;
    for (let i = 0; i < out.length; i++) square += out[i]! * out[i]!;
    return square;
  }

  variance(i: number): number {
    return this.covariance[i * this.#n + i]!;
  }

  findAxes(): void {
    if (!this.isSound) return;
    const found = this.#eigen.decompose(this.covariance, this.basis, this.axes);
    this.isSound = found && this.axes.every((variance) => variance > 0);
    if (!this.isSound) this.#setToSphere();
    for (let i = 0; i < this.axes.length; i++) this.axes[i] = Math.sqrt(this.axes[i]!);
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
    // With S the mirror, S C S = (S A S) (S A S)'.
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      for (const matrix of [this.covariance, this.factor]) {
        matrix[i * n + k] = -matrix[i * n + k]!;
        matrix[k * n + i] = -matrix[k * n + i]!;
      }
    }
  }

  decompose(): void {
    this.isSound &&= factorizeRows(this.covariance, this.#n, this.factor, this.#inverse);
    if (!this.isSound) this.#setToSphere();
  }

  #setToSphere(): void {
    this.axes.fill(1);
    this.#inverse.fill(1);
    for (const matrix of [this.covariance, this.factor, this.basis]) {
      matrix.fill(0);
      for (let i = 0; i < this.#n; i++) matrix[i * this.#n + i] = 1;
    }
  }

  save(writer: SnapshotWriter): void {
    const n = this.#n;
    for (const matrix of [this.factor, this.covariance])
      for (let i = 0; i < n; i++) writer.numbers(matrix.subarray(i * n, i * n + i + 1));
  }

  load(reader: SnapshotReader): void {
    const n = this.#n;
    for (const [what, matrix] of [
      ['factor of the covariance', this.factor],
      ['covariance', this.covariance],
    ] as const)
      for (let i = 0; i < n; i++) {
        matrix.set(reader.numbers(what, i, finite), i * n);
        matrix[i * n + i] = reader.number(what, positive);
      }
    for (let i = 0; i < n; i++) this.#inverse[i] = 1 / this.factor[i * n + i]!;
  }
}
