import { dot, norm } from '../math/vector.ts';
import { turn } from './turn.ts';

/** A quadratic q(d) = g'd + d'Hd / 2, H by its product with a vector. */
export interface Quadratic {
  readonly gradient: Float64Array;
  readonly times: (v: Float64Array) => Float64Array;
}

/** Where a step may go: `low` <= d <= `high`, which 0 is within, and |d| <= `radius`. */
export interface Region {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly radius: number;
}

export interface TrustStep {
  readonly step: Float64Array;
  readonly length: number;
  /** By how much the quadratic is lower there, >= 0. */
  readonly gain: number;
  /** The least curvature that was met along the way; 0 when the step ended on the sphere. */
  readonly curvature: number;
}

/** A step ends when going on gains less than this part of what it has gained. */
export const ENOUGH = 1e-3;

/** A step under way. */
export interface Walk {
  readonly d: Float64Array;
  /** Of the quadratic at d. */
  readonly g: Float64Array;
  readonly isFree: Uint8Array;
  gain: number;
}

/**
 * About the d that makes q least in a ball and a box: conjugate gradients, begun anew without a coordinate each time that it meets a bound, and on the
 * sphere turns in the plane of d and the gradient.
 *
 * @remarks O(n) products with H at most, a few as a rule
 * @see Powell (2009), The BOBYQA algorithm for bound constrained optimization without derivatives, DAMTP 2009/NA06, section 3
 */
export function trustStep(q: Quadratic, region: Region): TrustStep {
  const n = q.gradient.length;
  const { low, high } = region;
  const isFree = Uint8Array.from(q.gradient, (slope, i) =>
    (low[i]! >= 0 && slope >= 0) || (high[i]! <= 0 && slope <= 0) ? 0 : 1,
  );
  const walk: Walk = { d: new Float64Array(n), g: q.gradient.slice(), isFree, gain: 0 };
  const { curvature, isOnSphere } = conjugateGradients(q, region, walk);
  if (isOnSphere) turn(q, region, walk);
  const { d } = walk;
  for (let i = 0; i < n; i++) d[i] = Math.min(high[i]!, Math.max(low[i]!, d[i]!));
  const isSound = d.every(Number.isFinite) && Number.isFinite(walk.gain);
  if (!isSound) return { step: new Float64Array(n), length: 0, gain: 0, curvature: 0 };
  return { step: d, length: norm(d), gain: walk.gain, curvature: isOnSphere ? 0 : Math.max(0, curvature) };
}

function conjugateGradients(
  q: Quadratic,
  { low, high, radius }: Region,
  walk: Walk,
): { readonly curvature: number; readonly isOnSphere: boolean } {
  const { d, g, isFree } = walk;
  const n = d.length;
  /** Of the free coordinates: what those at bounds leave of it. */
  let room = radius * radius;
  let curvature = -1;
  let s = new Float64Array(n);
  let before = 0;
  let steps = 0;
  for (let round = 0; round < 2 * n + 2; round++) {
    const slope = g.map((value, i) => (isFree[i] ? value : 0));
    const square = dot(slope, slope);
    // Powell (2009), eq. 3.9: what is to be gained is at most |g| times the radius.
    if (!(square * room > (ENOUGH * walk.gain) ** 2)) break;
    const beta = steps === 0 ? 0 : square / before;
    s = s.map((value, i) => (isFree[i] ? beta * value - slope[i]! : 0));
    before = square;
    steps++;
    const hs = q.times(s);
    const [ss, ds, shs] = [dot(s, s), dot(d, s), dot(s, hs)];
    let left = room;
    for (let i = 0; i < n; i++) if (isFree[i]) left -= d[i]! ** 2;
    if (left <= 0) return { curvature: 0, isOnSphere: true };
    const root = Math.sqrt(ss * left + ds * ds);
    const toSphere = ds < 0 ? (root - ds) / ss : left / (root + ds);
    const down = -dot(s, slope);
    const most = shs > 0 ? Math.min(toSphere, down / shs) : toSphere;
    const { by, at } = toBounds(d, s, low, high, most);
    if (!Number.isFinite(by)) break;
    const gained = by * (down - (by * shs) / 2);
    for (let i = 0; i < n; i++) {
      d[i] = d[i]! + by * s[i]!;
      g[i] = g[i]! + by * hs[i]!;
    }
    walk.gain += Math.max(0, gained);
    if (at >= 0) {
      d[at] = s[at]! < 0 ? low[at]! : high[at]!;
      isFree[at] = 0;
      room -= d[at] ** 2;
      steps = 0;
      if (room <= 0) break;
      continue;
    }
    if (shs > 0) curvature = curvature < 0 ? shs / ss : Math.min(curvature, shs / ss);
    if (by >= toSphere) return { curvature: 0, isOnSphere: true };
    if (gained <= ENOUGH * walk.gain || steps >= isFree.reduce((sum, free) => sum + free, 0)) break;
  }
  return { curvature, isOnSphere: false };
}

/** How far it goes along `s` until a coordinate meets its bound, `most` at most, and which one that is. */
function toBounds(
  d: Float64Array,
  s: Float64Array,
  low: Float64Array,
  high: Float64Array,
  most: number,
): { readonly by: number; readonly at: number } {
  let [by, at] = [most, -1];
  for (let i = 0; i < d.length; i++) {
    if (s[i] === 0) continue;
    const limit = ((s[i]! < 0 ? low[i]! : high[i]!) - d[i]!) / s[i]!;
    if (limit < by) [by, at] = [Math.max(0, limit), i];
  }
  return { by, at };
}
