import type { RandomStream } from '../../core/random.ts';

/** Where a particle gets to, and how fast. */
export interface Moved {
  readonly x: Float64Array;
  readonly velocity: Float64Array;
}

/**
 * One move of a particle. A wall that it would cross stops it, and turns half of that component of its velocity round.
 *
 * @param own its best point
 * @param told the best point of its informants, `undefined` when that is its own
 * @see Clerc (2012), Standard particle swarm optimisation, HAL hal-00764996, section 3.2 (motion) and 3.5 (confinement)
 */
export function move(
  x: Float64Array,
  velocity: Float64Array,
  own: Float64Array,
  told: Float64Array | undefined,
  { inertia: w, acceleration: c }: { readonly inertia: number; readonly acceleration: number },
  random: RandomStream,
): Moved {
  // G = (x + p + l) / 3 with p = x + c (own - x), l = x + c (told - x); without l: (x + p) / 2.
  const centre = x.map((value, i) =>
    told ? value + (c * (own[i]! + told[i]! - 2 * value)) / 3 : value + (c * (own[i]! - value)) / 2,
  );
  const drawn = inSphere(centre, distance(centre, x), random);
  // v' = w v + x' - x, x'' = x + v'
  const next = velocity.map((value, i) => w * value + drawn[i]! - x[i]!);
  const to = x.map((value, i) => value + next[i]!);
  for (let i = 0; i < to.length; i++) {
    const inside = Math.min(1, Math.max(0, to[i]!));
    if (inside === to[i]) continue;
    to[i] = inside;
    next[i] = -0.5 * next[i]!;
  }
  return { x: to, velocity: next };
}

/** A direction uniform over the sphere, a distance uniform in [0, radius]: denser near the centre, as in the standard. */
function inSphere(centre: Float64Array, radius: number, random: RandomStream): Float64Array {
  const direction = centre.map(() => random.normal());
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  const factor = length > 0 ? (radius * random.uniform()) / length : 0;
  return centre.map((value, i) => value + factor * direction[i]!);
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
}
