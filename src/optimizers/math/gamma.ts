/** From here on five terms of Stirling's series are exact to rounding. */
const LARGE = 15;

/**
 * ln Gamma(x) for x > 0.
 *
 * @see Abramowitz, Stegun (1964), Handbook of Mathematical Functions, 6.1.15 (recurrence) and 6.1.41 (Stirling's series)
 */
export function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < LARGE; z++) product *= z;
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
