const ROOT_5 = Math.sqrt(5);

/** Of a Gaussian process, with values in units of their standard deviation. */
export interface Hyperparameters {
  /** One a coordinate, in units of the box width. */
  readonly lengths: Float64Array;
  /** s^2: the variance of the function. */
  readonly variance: number;
  /** Of the noise. */
  readonly noise: number;
}

/** r^2 = sum ((a_i - b_i) / length_i)^2 */
function distance(a: Float64Array, b: Float64Array, inverse: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const apart = (a[i]! - b[i]!) * inverse[i]!;
    sum += apart * apart;
  }
  return Math.sqrt(sum);
}

/**
 * The Matérn kernel of smoothness 5/2 with a length for each coordinate: (1 + sqrt 5 r + 5/3 r^2) exp(-sqrt 5 r), 1 at r = 0.
 *
 * @param inverse of the lengths
 * @see Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, eq. 4.17
 */
export function matern(a: Float64Array, b: Float64Array, inverse: Float64Array): number {
  const t = ROOT_5 * distance(a, b, inverse);
  return (1 + t + (t * t) / 3) * Math.exp(-t);
}

/** -dk / d(r^2) times 2: the k' with dk/da_i = -k' (a_i - b_i) / length_i^2 and dk/d log length_i = k' ((a_i - b_i) / length_i)^2. */
export function maternSlope(a: Float64Array, b: Float64Array, inverse: Float64Array): number {
  const t = ROOT_5 * distance(a, b, inverse);
  return (5 / 3) * (1 + t) * Math.exp(-t);
}
