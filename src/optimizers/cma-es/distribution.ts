import type { RandomStream } from '../../core/random.ts';
import { SymmetricEigen } from '../math/eigen.ts';
import { multiply, multiplyTransposed } from '../math/matrix.ts';
import { finite, positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { fromBox, intoOnePeriod, toBox } from '../math/box.ts';
import type { Parameters } from './parameters.ts';

/** How wide the distribution may be in each coordinate, as standard deviations in box widths. */
export interface WidthLimits {
  /** 0 where there is no least width. */
  readonly least: Float64Array;
  readonly greatest: number;
}

const LARGEST_SIGMA = 1e6;

/**
 * The normal distribution N(m, (sigma S)^2 C) in the unbounded space, with C = B D^2 B' decomposed, S diagonal, and its two paths.
 *
 * S is the unit matrix until a coordinate meets a width limit; the algorithm as published lives in the space of y = (x - m) / (sigma S).
 */
export class Distribution {
  readonly parameters: Parameters;
  readonly limits: WidthLimits;
  sigma: number;
  readonly mean: Float64Array;
  /** The diagonal of S. */
  readonly scale: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  /** C, of which only the lower triangle is kept up to date. */
  readonly covariance: Float64Array;
  /** B: eigenvectors as columns, of C as it was when it was last decomposed. */
  readonly basis: Float64Array;
  /** The diagonal of D. */
  readonly axes: Float64Array;
  /** Updates so far. */
  updates = 0;
  decomposedAt = 0;
  /** False when C has lost its positive definiteness to rounding; it was then replaced by the unit matrix. */
  isSound = true;
  readonly #eigen: SymmetricEigen;
  readonly #z: Float64Array;

  /** @param start a point of the unit box */
  constructor(parameters: Parameters, limits: WidthLimits, start: Float64Array, sigma: number) {
    const n = parameters.dimension;
    this.parameters = parameters;
    this.limits = limits;
    this.sigma = sigma;
    this.mean = start.map((x) => fromBox(x, 0.5));
    this.scale = new Float64Array(n).fill(1);
    this.pathSigma = new Float64Array(n);
    this.pathC = new Float64Array(n);
    this.covariance = new Float64Array(n * n);
    this.basis = new Float64Array(n * n);
    this.axes = new Float64Array(n);
    this.#setShapeToSphere();
    this.#eigen = new SymmetricEigen(n);
    this.#z = new Float64Array(n);
    this.keepWidths();
  }

  /**
   * Draws y ~ N(0, C) into `steps` from `at` on.
   *
   * @returns the squared length of C^(-1/2) y
   */
  sample(random: RandomStream, steps: Float64Array, at: number): number {
    const n = this.parameters.dimension;
    const z = this.#z;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const normal = random.normal(); // eq. 38: z ~ N(0, I)
      square += normal * normal;
      z[i] = normal * this.axes[i]!;
    }
    multiply(this.basis, n, z, steps, at); // eq. 39: y = B D z
    return square;
  }

  /** The point of the unit box that m + sigma S y stands for. */
  pointAt(steps: Float64Array, at: number): Float64Array {
    const n = this.parameters.dimension;
    const x = new Float64Array(n);
    for (let i = 0; i < n; i++) x[i] = toBox(this.mean[i]! + this.sigma * this.scale[i]! * steps[at + i]!); // eq. 40
    return x;
  }

  /**
   * The y of a given point of the unit box, into `steps` from `at` on, shortened to a length that a sample could have.
   *
   * @returns the squared length of C^(-1/2) y
   * @see Hansen (2011), Injecting external solutions into CMA-ES, arXiv:1110.4181
   */
  stepTo(x: Float64Array, steps: Float64Array, at: number): number {
    const n = this.parameters.dimension;
    for (let i = 0; i < n; i++) {
      const mean = this.mean[i]!;
      steps[at + i] = (fromBox(x[i]!, mean) - mean) / (this.sigma * this.scale[i]!);
    }
    const square = this.whiten(steps, at, this.#z);
    const longest = Math.sqrt(n) + (2 * n) / (n + 2);
    if (square <= longest * longest) return square;
    const factor = longest / Math.sqrt(square);
    for (let i = 0; i < n; i++) steps[at + i] = steps[at + i]! * factor;
    return longest * longest;
  }

  /**
   * out = D^-1 B' y, which differs from C^(-1/2) y = B D^-1 B' y by a rotation.
   *
   * @returns the squared length of C^(-1/2) y
   */
  whiten(steps: Float64Array, at: number, out: Float64Array): number {
    multiplyTransposed(this.basis, this.parameters.dimension, steps, at, out);
    let square = 0;
    for (let i = 0; i < out.length; i++) {
      const z = out[i]! / this.axes[i]!;
      out[i] = z;
      square += z * z;
    }
    return square;
  }

  /** Standard deviation of a coordinate, in box widths. */
  width(i: number): number {
    const n = this.parameters.dimension;
    return this.sigma * this.scale[i]! * Math.sqrt(this.covariance[i * n + i]!);
  }

  /** Ratio of the greatest to the least eigenvalue of C. */
  condition(): number {
    let least = Infinity;
    let greatest = 0;
    for (const axis of this.axes) {
      if (axis < least) least = axis;
      if (axis > greatest) greatest = axis;
    }
    return this.isSound ? (greatest / least) ** 2 : Infinity;
  }

  /** Brings coordinates that became too wide or too narrow back to their limit, and the mean into one period of the box. */
  keepWidths(): void {
    const { least, greatest } = this.limits;
    for (let i = 0; i < this.mean.length; i++) {
      this.mean[i] = intoOnePeriod(this.mean[i]!);
      const width = this.width(i);
      if (!Number.isFinite(width)) this.isSound = false;
      else if (width > greatest) this.scale[i] = this.scale[i]! * (greatest / width);
      else if (width < least[i]!) this.scale[i] = this.scale[i]! * (least[i]! / width);
    }
    if (this.sigma < LARGEST_SIGMA) return;
    // Where widths are limited, nothing else keeps sigma from growing for ever.
    for (let i = 0; i < this.scale.length; i++) this.scale[i] = this.scale[i]! * this.sigma;
    this.sigma = 1;
  }

  /** Decomposes C when that is due: O(n^3), and so only after some O(n^2) updates (tutorial, section B.2). */
  decomposeIfDue(): void {
    if (this.updates - this.decomposedAt < this.parameters.decompositionGap) return;
    this.decomposedAt = this.updates;
    const converged = this.#eigen.decompose(this.covariance, this.basis, this.axes);
    this.isSound &&= converged && this.axes.every((variance) => variance > 0);
    if (!this.isSound) this.#setShapeToSphere();
    for (let i = 0; i < this.axes.length; i++) this.axes[i] = Math.sqrt(this.axes[i]!);
  }

  #setShapeToSphere(): void {
    const n = this.parameters.dimension;
    this.axes.fill(1);
    this.covariance.fill(0);
    this.basis.fill(0);
    for (let i = 0; i < n; i++) this.covariance[i * n + i] = this.basis[i * n + i] = 1;
  }

  save(writer: SnapshotWriter): void {
    const n = this.parameters.dimension;
    writer.put('updates', this.updates);
    writer.put('decomposedAt', this.decomposedAt);
    writer.numbers([this.sigma]);
    for (const part of [this.mean, this.scale, this.pathSigma, this.pathC, this.axes, this.basis])
      writer.numbers(part);
    for (let i = 0; i < n; i++) writer.numbers(this.covariance.subarray(i * n, i * n + i + 1));
  }

  /** A distribution as it was saved, made with the same parameters and limits. */
  static load(reader: SnapshotReader, parameters: Parameters, limits: WidthLimits): Distribution {
    const n = parameters.dimension;
    const saved = new Distribution(parameters, limits, new Float64Array(n), 1);
    saved.updates = reader.integer('updates', 0, Number.MAX_SAFE_INTEGER);
    saved.decomposedAt = reader.integer('decomposedAt', 0, saved.updates);
    saved.sigma = reader.number('step size', positive);
    saved.mean.set(reader.numbers('mean', n, (value) => intoOnePeriod(value) === value));
    saved.scale.set(reader.numbers('scale', n, positive));
    saved.pathSigma.set(reader.numbers('paths', n, finite));
    saved.pathC.set(reader.numbers('paths', n, finite));
    saved.axes.set(reader.numbers('axes', n, positive));
    saved.basis.set(reader.numbers('eigenvectors', n * n, (value) => Math.abs(value) <= 1 + 1e-9));
    for (let i = 0; i < n; i++) {
      saved.covariance.set(reader.numbers('covariance', i, finite), i * n);
      saved.covariance[i * n + i] = reader.number('covariance', positive);
    }
    return saved;
  }
}
