import { factorize, solveLower, solveUpper } from '../math/cholesky.ts';
import { dot } from '../math/vector.ts';
import { minimize, type Bounds, type Sloped } from '../quasi-newton/minimize.ts';
import { maternSlope, type Hyperparameters } from './kernel.ts';
import { covariances } from './process.ts';

/** Of the logarithms of lengths, variance and noise, in this order. */
const RANGES = {
  length: [Math.log(5e-3), Math.log(100)],
  variance: [-7, 14],
  noise: [Math.log(1e-10), 0],
} as const;
/** Normal in the logarithm: their means and standard deviations. */
const VARIANCE_PRIOR = { mean: 0.7, deviation: 2 };
const NOISE_PRIOR = { mean: -12, deviation: 4 };
const LENGTH_DEVIATION = Math.sqrt(3);
const FIRST_STEP = 0.5;

/** Longer for more coordinates, as distances grow: Hvarfner et al. (2024), eq. 5. */
function lengthPrior(n: number): number {
  return Math.SQRT2 + Math.log(n) / 2;
}

export function fromParameters(theta: Float64Array): Hyperparameters {
  const n = theta.length - 2;
  return {
    lengths: theta.slice(0, n).map(Math.exp),
    variance: Math.exp(theta[n]!),
    noise: Math.exp(theta[n + 1]!),
  };
}

/** What is most likely before any value is known. */
export function priorParameters(n: number): Float64Array {
  const theta = new Float64Array(n + 2).fill(lengthPrior(n) - 1);
  theta[n] = VARIANCE_PRIOR.mean;
  theta[n + 1] = NOISE_PRIOR.mean;
  return theta;
}

/** Whether a logarithm may be one of them. */
export function isParameter(value: number): boolean {
  return value >= Math.log(1e-10) && value <= RANGES.variance[1];
}

function boundsOf(n: number): Bounds {
  const side = (at: 0 | 1): Float64Array => {
    const bounds = new Float64Array(n + 2).fill(RANGES.length[at]);
    bounds[n] = RANGES.variance[at];
    bounds[n + 1] = RANGES.noise[at];
    return bounds;
  };
  return { low: side(0), high: side(1) };
}

/**
 * -log(likelihood of the values x prior) but for a constant, with its slopes.
 *
 * @returns an infinite value where rounding has made the covariances indefinite
 * @remarks O(N^3 + N^2 n)
 * @see Rasmussen and Williams (2006), eqs. 5.8 and 5.9
 * @see Hvarfner, Hellsten, Nardi (2024), Vanilla Bayesian optimization performs great in high dimensions, arXiv:2402.02229: the prior of the lengths
 */
export function negativeLogPosterior(
  points: readonly Float64Array[],
  values: Float64Array,
  theta: Float64Array,
): Sloped {
  const [size, n] = [points.length, theta.length - 2];
  const hyper = fromParameters(theta);
  const l = covariances(points, hyper);
  const gradient = new Float64Array(n + 2);
  if (!factorize(l, size, size)) return { value: Infinity, gradient };
  const weights = values.slice();
  solveLower(l, size, size, weights);
  let value = dot(weights, weights) / 2;
  for (let i = 0; i < size; i++) value += Math.log(l[i * size + i]!);
  solveUpper(l, size, size, weights);

  const inverseK = invert(l, size);
  const inverse = hyper.lengths.map((length) => 1 / length);
  // dL/dtheta = tr((K^-1 - w w') dK/dtheta) / 2; off the diagonal each pair counts twice.
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const factor = inverseK[i * size + j]! - weights[i]! * weights[j]!;
      const slope = factor * hyper.variance * maternSlope(points[i]!, points[j]!, inverse);
      for (let c = 0; c < n; c++) {
        const apart = (points[i]![c]! - points[j]![c]!) * inverse[c]!;
        gradient[c] = gradient[c]! + slope * apart * apart;
      }
    }
    const factor = (inverseK[i * size + i]! - weights[i]! ** 2) / 2;
    gradient[n + 1] = gradient[n + 1]! + factor * hyper.noise;
  }
  // K = variance M + noise I, so that tr(B variance M) = tr(B K) - noise tr B, and tr(K^-1 K) = size.
  gradient[n] = (size - dot(weights, values)) / 2 - gradient[n + 1]!;

  for (let i = 0; i < n + 2; i++) {
    const { mean, deviation } = priorOf(i, n);
    const apart = (theta[i]! - mean) / deviation;
    value += (apart * apart) / 2;
    gradient[i] = gradient[i]! + apart / deviation;
  }
  return { value, gradient };
}

function priorOf(i: number, n: number): { readonly mean: number; readonly deviation: number } {
  if (i < n) return { mean: lengthPrior(n), deviation: LENGTH_DEVIATION };
  return i === n ? VARIANCE_PRIOR : NOISE_PRIOR;
}

/** The lower triangle of (L L')^-1. */
function invert(l: Float64Array, size: number): Float64Array {
  // Row j: L^-1 e_j, of which the first j numbers are 0.
  const columns = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const at = j * size;
    columns[at + j] = 1 / l[at + j]!;
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j, row = i * size; k < i; k++) sum += l[row + k]! * columns[at + k]!;
      columns[at + i] = -sum / l[i * size + i]!;
    }
  }
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++) sum += columns[i * size + k]! * columns[j * size + k]!;
      inverse[i * size + j] = sum;
    }
  return inverse;
}

/** The most likely hyperparameters: the best of what descents from these starts come to. */
export function fitParameters(
  points: readonly Float64Array[],
  values: Float64Array,
  starts: readonly Float64Array[],
  iterations: number,
): Float64Array {
  const bounds = boundsOf(starts[0]!.length - 2);
  const f = (theta: Float64Array): Sloped => negativeLogPosterior(points, values, theta);
  const found = starts.map((start) => minimize(f, start, bounds, FIRST_STEP, iterations));
  return found.reduce((a, b) => (b.value < a.value ? b : a)).x;
}
