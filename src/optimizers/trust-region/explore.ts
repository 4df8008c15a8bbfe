import { dot } from '../math/vector.ts';
import { trustStep, type Quadratic, type Region } from './step.ts';

/**
 * The step at which a Lagrange function that is 0 at the centre is about farthest from 0: where a point in place of its own leaves the model best
 * determined.
 *
 * @param towards a step in whose direction it is not 0: the one to its own point
 * @see Powell (2009), DAMTP 2009/NA06, section 3, eq. 3.4
 */
export function farthestFromZero(lagrange: Quadratic, region: Region, towards: Float64Array): Float64Array {
  const value = (d: Float64Array): number =>
    Math.abs(dot(lagrange.gradient, d) + dot(d, lagrange.times(d)) / 2);
  const negative: Quadratic = {
    gradient: lagrange.gradient.map((one) => -one),
    times: (v) => lagrange.times(v).map((one) => -one),
  };
  const steps = [lagrange, negative].map((q) => trustStep(q, region).step);
  for (const sign of [1, -1]) steps.push(along(towards, sign, region));
  return steps.reduce((a, b) => (value(b) > value(a) ? b : a));
}

/** As far along a direction as the region lets it go. */
function along(direction: Float64Array, sign: number, { low, high, radius }: Region): Float64Array {
  let longest = radius / Math.sqrt(dot(direction, direction));
  for (const [i, value] of direction.entries()) {
    const by = sign * value;
    if (by !== 0) longest = Math.min(longest, (by < 0 ? low[i]! : high[i]!) / by);
  }
  return direction.map((value, i) => Math.min(high[i]!, Math.max(low[i]!, sign * longest * value)));
}
