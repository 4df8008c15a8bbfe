/** The standard normal distribution, in arithmetic alone where it matters: the same bits on every machine. */

/**
 * P(Z <= z), to 1e-7 in absolute terms and to 1e-6 of itself down to 1e-300.
 *
 * @see Abramowitz and Stegun (1964), 26.2.17 near the middle; a continued fraction, 26.2.14, in the tails
 */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  if (z < -38) return 0;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  const x = -z;
  if (x > 2.5) {
    // Mills' ratio as 1 / (x + 1 / (x + 2 / (x + 3 / …)))
    let ratio = x;
    for (let k = 60; k > 0; k--) ratio = x + k / ratio;
    return density / ratio;
  }
  // The series sum of x^(2k+1) / (1 3 5 … (2k+1)): 26.2.11
  let term = x;
  let sum = x;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/**
 * The z with P(Z <= z) = p.
 *
 * @param p in (0, 1)
 * @see Acklam (2003), an algorithm for computing the inverse normal cumulative distribution function, with one step of Halley's
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const z = firstGuess(p);
  const error = (normalCdf(z) - p) * Math.sqrt(2 * Math.PI) * Math.exp(0.5 * z * z);
  return z - error / (1 + 0.5 * z * error);
}

const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const B = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

function firstGuess(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(C, q) / polynomial(D, q);
  }
  const q = p - 0.5;
  return (q * polynomial(A, q * q)) / polynomial(B, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
