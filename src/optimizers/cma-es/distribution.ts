import type { RandomStream } from '../../core/random.ts';
import { finite, inUnitBox, positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { fromBox, isMirrored, toBox } from '../math/box.ts';
import { DiagonalShape } from './diagonal-shape.ts';
import { FullShape } from './full-shape.ts';
import { withMargin } from './margin.ts';
import type { Parameters } from './parameters.ts';
import type { Shape } from './shape.ts';

/** What holds of the distribution besides what it has learned. */
export interface Limits {
  /** How many integers a coordinate stands for; 0 for a continuous one. */
  readonly steps: readonly number[];
  /** How wide it may be in any coordinate: a standard deviation in box widths. */
  readonly greatest: number;
}

const LARGEST_SIGMA = 1e6;

/** So many coordinates are drawn at once. */
const TOGETHER = 8;

/**
 * The normal distribution N(m, (sigma S)^2 C) in the unbounded space, S diagonal, and its two paths.
 *
 * S is the unit matrix until a coordinate meets a limit; the algorithm as published lives in the space of y = (x - m) / (sigma S).
 */
export class Distribution {
  /** Change with the population size. */
  parameters: Parameters;
  readonly limits: Limits;
  sigma: number;
  readonly mean: Float64Array;
  /** The diagonal of S. */
  readonly scale: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  /** C */
  readonly shape: Shape;
  /** Updates so far. */
  updates = 0;
  decomposedAt = 0;
  readonly #z: Float64Array;
  /** The diagonal of sigma S, kept up to date by `keepLimits`. */
  readonly #stretch: Float64Array;

  /** @param start a point of the unit box */
  constructor(parameters: Parameters, limits: Limits, start: Float64Array, sigma: number) {
    const n = parameters.dimension;
    this.parameters = parameters;
    this.limits = limits;
    this.sigma = sigma;
    this.mean = start.map((x) => fromBox(x, 0.5));
    this.scale = new Float64Array(n).fill(1);
    this.pathSigma = new Float64Array(n);
    this.pathC = new Float64Array(n);
    this.shape = parameters.isDiagonal ? new DiagonalShape(n) : new FullShape(n);
    this.#stretch = new Float64Array(n);
    this.#z = new Float64Array(n);
    this.keepLimits();
  }

  /**
   * Draws a step y into `steps` from `at` on and the point m + sigma S y into `x`, unless that is outside the box; then it ends with the first
   * coordinates that are.
   *
   * @returns the squared length of A^-1 y; `undefined` for a point outside
   */
  sampleInside(random: RandomStream, steps: Float64Array, at: number, x: Float64Array): number | undefined {
    const { mean, shape } = this;
    let square = 0;
    for (let from = 0; from < x.length; from += TOGETHER) {
      const to = Math.min(from + TOGETHER, x.length);
      square += shape.sample(random, steps, at, from, to);
      for (let i = from; i < to; i++) {
        const value = mean[i]! + this.#stretch[i]! * steps[at + i]!; // eq. 40
        if (!(value >= 0 && value <= 1)) return undefined;
        x[i] = value;
      }
    }
    return square;
  }

  /** The point of the unit box that m + sigma S y stands for, into `x`. */
  pointAt(
    steps: Float64Array,
    at: number,
    x: Float64Array = new Float64Array(this.mean.length),
  ): Float64Array {
    const { mean, scale, sigma } = this;
    for (let i = 0; i < x.length; i++) x[i] = toBox(mean[i]! + sigma * scale[i]! * steps[at + i]!); // eq. 40
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
    const square = this.shape.whiten(steps, at, this.#z);
    const longest = Math.sqrt(n) + (2 * n) / (n + 2);
    if (square <= longest * longest) return square;
    const factor = longest / Math.sqrt(square);
    for (let i = 0; i < n; i++) steps[at + i] = steps[at + i]! * factor;
    return longest * longest;
  }

  /** Standard deviation of a coordinate, in box widths. */
  width(i: number): number {
    return this.sigma * this.scale[i]! * Math.sqrt(this.shape.variance(i));
  }

  /** Brings what left its limits back to them: coordinates that are too wide, integers that would not change, a mean outside the box. */
  keepLimits(): void {
    const { steps, greatest } = this.limits;
    for (let i = 0; i < this.mean.length; i++) {
      this.#moveInside(i);
      const width = this.width(i);
      if (!Number.isFinite(width)) this.shape.isSound = false;
      else if (width > greatest) this.scale[i] = this.scale[i]! * (greatest / width);
      if (steps[i]! > 1 && this.shape.isSound) this.#keepMargin(i);
    }
    if (this.sigma >= LARGEST_SIGMA) {
      // Where widths are limited, nothing else keeps sigma from growing for ever.
      for (let i = 0; i < this.scale.length; i++) this.scale[i] = this.scale[i]! * this.sigma;
      this.sigma = 1;
    }
    this.#findStretch();
  }

  #findStretch(): void {
    for (let i = 0; i < this.#stretch.length; i++) this.#stretch[i] = this.sigma * this.scale[i]!;
  }

  /** A mean beyond a bound has a mirror image inside, around which the mirrored distribution has the same samples. */
  #moveInside(i: number): void {
    const mean = this.mean[i]!;
    this.mean[i] = toBox(mean);
    if (!isMirrored(mean)) return;
    this.pathSigma[i] = -this.pathSigma[i]!;
    this.pathC[i] = -this.pathC[i]!;
    this.shape.mirror(i);
  }

  #keepMargin(i: number): void {
    const width = this.width(i);
    const { dimension, lambda } = this.parameters;
    // The probability with which a sample has another integer than the mean, at the least.
    const margin = 1 / (dimension * lambda);
    const moved = withMargin(this.mean[i]!, width, this.limits.steps[i]!, margin);
    if (!moved) return;
    this.mean[i] = moved.mean;
    this.#moveInside(i);
    this.scale[i] = this.scale[i]! * (Math.min(moved.width, this.limits.greatest) / width);
  }

  /** Decomposes C when that is due: it is O(n^3), an update O(lambda n^2) (tutorial, section B.2). */
  decomposeIfDue(): void {
    if (this.updates - this.decomposedAt < this.parameters.decompositionGap) return;
    this.decomposedAt = this.updates;
    this.shape.decompose();
  }

  save(writer: SnapshotWriter): void {
    writer.put('updates', this.updates);
    writer.put('decomposedAt', this.decomposedAt);
    writer.numbers([this.sigma]);
    for (const part of [this.mean, this.scale, this.pathSigma, this.pathC]) writer.numbers(part);
    this.shape.save(writer);
  }

  /** A distribution as it was saved, made with the same parameters and limits. */
  static load(reader: SnapshotReader, parameters: Parameters, limits: Limits): Distribution {
    const n = parameters.dimension;
    const saved = new Distribution(parameters, limits, new Float64Array(n), 1);
    saved.updates = reader.integer('updates', 0, Number.MAX_SAFE_INTEGER);
    saved.decomposedAt = reader.integer('decomposedAt', 0, saved.updates);
    saved.sigma = reader.number('step size', positive);
    saved.mean.set(reader.numbers('mean', n, inUnitBox));
    saved.scale.set(reader.numbers('scale', n, positive));
    saved.pathSigma.set(reader.numbers('paths', n, finite));
    saved.pathC.set(reader.numbers('paths', n, finite));
    saved.shape.load(reader);
    saved.#findStretch();
    return saved;
  }
}
