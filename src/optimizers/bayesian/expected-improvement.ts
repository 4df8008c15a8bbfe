import { normalCdf } from '../math/normal.ts';
import type { Sloped } from '../quasi-newton/minimize.ts';
import type { GaussianProcess } from './process.ts';

const LOG_ROOT_2_PI = Math.log(2 * Math.PI) / 2;
/** Below it differences of nearly equal numbers are avoided. */
const TAIL = -2.5;
const FRACTIONS = 80;

/** log h(z) with h(z) = phi(z) + z Phi(z), and its slope Phi / h: sound down to where h itself is 0 in any floating-point number. */
export function logImprovement(z: number): { readonly value: number; readonly slope: number } {
  if (z > TAIL) {
    const cdf = normalCdf(z);
    const h = Math.exp(-0.5 * z * z - LOG_ROOT_2_PI) + z * cdf;
    return { value: Math.log(h), slope: cdf / h };
  }
  // Mills' ratio is 1 / (x + c) with c = 1 / (x + 2 / (x + 3 / …)), so h = phi (1 - x / (x + c)) = phi c / (x + c).
  const x = -z;
  let rest = x;
  for (let k = FRACTIONS; k > 1; k--) rest = x + k / rest;
  const c = 1 / rest;
  return { value: -0.5 * z * z - LOG_ROOT_2_PI + Math.log(c / (x + c)), slope: rest };
}

/**
 * The logarithm of the expected improvement on `best`, which has slopes where the improvement itself is 0 to all digits.
 *
 * @see Ament, Daulton, Eriksson, Balandat, Bakshy (2023), Unexpected improvements to expected improvement for Bayesian optimization, NeurIPS 36, eq. 9
 */
export function logExpectedImprovement(process: GaussianProcess, best: number, x: Float64Array): number {
  const { mean, deviation } = process.moments(x);
  return logImprovement((best - mean) / deviation).value + Math.log(deviation);
}

/** Its negative with slopes, to be minimized. */
export function negativeLogImprovement(process: GaussianProcess, best: number, x: Float64Array): Sloped {
  const { mean, deviation, meanSlope, deviationSlope } = process.predict(x);
  const z = (best - mean) / deviation;
  const { value, slope } = logImprovement(z);
  return {
    value: -(value + Math.log(deviation)),
    // dz = -(dmean + z dsigma) / sigma
    gradient: meanSlope.map((one, i) => {
      const dz = -(one + z * deviationSlope[i]!) / deviation;
      return -(slope * dz + deviationSlope[i]! / deviation);
    }),
  };
}
