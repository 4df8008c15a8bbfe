import { dot } from '../math/vector.ts';
import { ENOUGH, type Quadratic, type Region, type Walk } from './step.ts';

/** Angles that are tried before the best of them is refined. */
const ANGLES = 24;

/**
 * Goes on from a step on the sphere: turns its free part towards the gradient as long as that gains something, up to where a bound is met.
 *
 * @see Powell (2009), DAMTP 2009/NA06, eqs. 3.10-3.13; a bound is met where d_i cos t + s_i sin t = bound_i
 */
export function turn(q: Quadratic, { low, high }: Region, walk: Walk): void {
  const { d, g, isFree } = walk;
  const n = d.length;
  for (let round = 0; round < n; round++) {
    const free = d.map((value, i) => (isFree[i] ? value : 0));
    const slope = g.map((value, i) => (isFree[i] ? value : 0));
    const [dd, dg, gg] = [dot(free, free), dot(free, slope), dot(slope, slope)];
    const area = gg * dd - dg * dg;
    if (!(area > (ENOUGH * walk.gain) ** 2)) return;
    const root = Math.sqrt(area);
    // As long as d, at a right angle to it, and downhill: s'g = -sqrt(area)
    const s = free.map((value, i) => (dg * value - dd * slope[i]!) / root);
    const { angle: most, at } = firstBound(free, s, low, high);
    const [hd, hs] = [q.times(free), q.times(s)];
    const [dhd, dhs, shs] = [dot(free, hd), dot(free, hs), dot(s, hs)];
    const lower = (t: number): number => {
      const [c, sine] = [Math.cos(t) - 1, Math.sin(t)];
      // -(q(turned) - q(d)): the step changes by c d + sine s.
      return -(c * dg - sine * root + (c * c * dhd) / 2 + c * sine * dhs + (sine * sine * shs) / 2);
    };
    const t = highest(lower, most);
    const gained = lower(t);
    if (!(gained > 0)) return;
    const [c, sine] = [Math.cos(t) - 1, Math.sin(t)];
    for (let i = 0; i < n; i++) {
      if (isFree[i]) d[i] = d[i]! + c * free[i]! + sine * s[i]!;
      g[i] = g[i]! + c * hd[i]! + sine * hs[i]!;
    }
    walk.gain += gained;
    const isAtBound = at >= 0 && t >= most;
    if (isAtBound) {
      isFree[at] = 0;
      d[at] = Math.abs(d[at]! - low[at]!) < Math.abs(d[at]! - high[at]!) ? low[at]! : high[at]!;
    } else if (gained <= ENOUGH * walk.gain) return;
  }
}

/** The least angle, pi at most, at which a coordinate meets its bound, and which coordinate that is. */
function firstBound(
  d: Float64Array,
  s: Float64Array,
  low: Float64Array,
  high: Float64Array,
): { readonly angle: number; readonly at: number } {
  let [angle, at] = [Math.PI, -1];
  for (let i = 0; i < d.length; i++) {
    // d cos t + s sin t = length cos(t - phase)
    const length = Math.hypot(d[i]!, s[i]!);
    if (length <= Math.min(-low[i]!, high[i]!)) continue;
    const phase = Math.atan2(s[i]!, d[i]!);
    for (const bound of [low[i]!, high[i]!]) {
      if (Math.abs(bound) >= length) continue;
      const apart = Math.acos(bound / length);
      // One of them is where it leaves the box: the one at which the coordinate moves outwards.
      const leaving = bound === high[i] ? phase - apart : phase + apart;
      const t = leaving < -1e-12 ? leaving + 2 * Math.PI : Math.max(0, leaving);
      if (t < angle) [angle, at] = [t, i];
    }
  }
  return { angle, at };
}

/** The angle in [0, most] at which `f` is about greatest: the best of some, and a parabola through its neighbours. */
function highest(f: (t: number) => number, most: number): number {
  const width = most / ANGLES;
  let [best, value] = [0, 0];
  for (let k = 1; k <= ANGLES; k++) {
    const fk = f(k * width);
    if (fk > value) [best, value] = [k, fk];
  }
  if (best === 0) best = 1;
  if (best === ANGLES) return most;
  const [left, middle, right] = [f((best - 1) * width), f(best * width), f((best + 1) * width)];
  const bend = left - 2 * middle + right;
  const t = bend < 0 ? (best + (left - right) / (2 * bend)) * width : best * width;
  return f(t) > middle ? t : best * width;
}
