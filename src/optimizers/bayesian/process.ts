import { factorize, solveLower, solveUpper } from '../math/cholesky.ts';
import { dot } from '../math/vector.ts';
import { matern, maternSlope, type Hyperparameters } from './kernel.ts';

/** What is expected at a point, and how the two change from there. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
  readonly meanSlope: Float64Array;
  readonly deviationSlope: Float64Array;
}

/** Added to the diagonal, relative to it, when rounding has made the covariances indefinite: more each time. */
const JITTERS = [0, 1e-10, 1e-8, 1e-6, 1e-4];
/** Of the function's variance: nothing is known more precisely. */
const LEAST_VARIANCE = 1e-14;

/** The lower triangle of the covariances of values at these points, noise included. */
export function covariances(
  points: readonly Float64Array[],
  { lengths, variance, noise }: Hyperparameters,
): Float64Array {
  const size = points.length;
  const inverse = lengths.map((length) => 1 / length);
  const k = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) k[i * size + j] = variance * matern(points[i]!, points[j]!, inverse);
    k[i * size + i] = variance + noise;
  }
  return k;
}

/**
 * A Gaussian process that knows some values: of mean 0 before.
 *
 * @remarks O(N^3) to make with N values, O(N^2 + N n) to ask
 * @see Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, algorithm 2.1
 */
export class GaussianProcess {
  readonly #points: readonly Float64Array[];
  readonly #inverse: Float64Array;
  readonly #variance: number;
  /** L of the covariances. */
  readonly #l: Float64Array;
  /** K^-1 y */
  readonly #weights: Float64Array;

  constructor(points: readonly Float64Array[], values: Float64Array, hyper: Hyperparameters) {
    const size = points.length;
    this.#points = points;
    this.#inverse = hyper.lengths.map((length) => 1 / length);
    this.#variance = hyper.variance;
    this.#l = factorized(covariances(points, hyper), size);
    this.#weights = values.slice();
    solveLower(this.#l, size, size, this.#weights);
    solveUpper(this.#l, size, size, this.#weights);
  }

  mean(x: Float64Array): number {
    return dot(this.#covariancesWith(x), this.#weights);
  }

  /** Rasmussen and Williams, eqs. 2.25 and 2.26. */
  moments(x: Float64Array): { readonly mean: number; readonly deviation: number } {
    const k = this.#covariancesWith(x);
    const mean = dot(k, this.#weights);
    solveLower(this.#l, k.length, k.length, k);
    return { mean, deviation: this.#deviation(dot(k, k)) };
  }

  predict(x: Float64Array): Prediction {
    const size = this.#points.length;
    const k = this.#covariancesWith(x);
    const mean = dot(k, this.#weights);
    solveLower(this.#l, size, size, k);
    const deviation = this.#deviation(dot(k, k));
    // K^-1 k
    solveUpper(this.#l, size, size, k);
    const meanSlope = new Float64Array(x.length);
    const deviationSlope = new Float64Array(x.length);
    for (const [j, point] of this.#points.entries()) {
      const slope = this.#variance * maternSlope(x, point, this.#inverse);
      const [ofMean, ofVariance] = [slope * this.#weights[j]!, slope * k[j]!];
      for (let i = 0; i < x.length; i++) {
        const by = (x[i]! - point[i]!) * this.#inverse[i]! ** 2;
        meanSlope[i] = meanSlope[i]! - ofMean * by;
        // d sigma = -k' K^-1 dk / sigma
        deviationSlope[i] = deviationSlope[i]! + (ofVariance * by) / deviation;
      }
    }
    return { mean, deviation, meanSlope, deviationSlope };
  }

  #deviation(known: number): number {
    return Math.sqrt(Math.max(LEAST_VARIANCE * this.#variance, this.#variance - known));
  }

  #covariancesWith(x: Float64Array): Float64Array {
    return Float64Array.from(this.#points, (point) => this.#variance * matern(x, point, this.#inverse));
  }
}

function factorized(k: Float64Array, size: number): Float64Array {
  for (const jitter of JITTERS) {
    const l = k.slice();
    for (let i = 0; i < size; i++) l[i * size + i] = l[i * size + i]! * (1 + jitter);
    if (factorize(l, size, size)) return l;
  }
  // As if the values had nothing to do with each other.
  return k.map((value, at) => (at % (size + 1) === 0 ? Math.sqrt(value) : 0));
}
