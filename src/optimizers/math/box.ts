/**
 * The way between the unit box and an unbounded space in which algorithms that know no bounds can live: coordinate by coordinate the identity
 * inside, and mirrored at the bounds outside, so that an optimum on a bound or in a corner is an optimum of the unbounded space.
 *
 * Nothing inside is bent: a smooth turn at the bounds, as pycma's `BoundTransform` has it, is a curved strip there, in which valleys that are straight
 * are not. On the BBOB functions in 10 and 20 dimensions that cost 0.02 of all targets.
 *
 * @see Biedrzycki (2020), Handling bound constraints in CMA-ES: an experimental study, Swarm Evol. Comput. 52, 100627 (Darwinian reflection)
 */

/** The unbounded axis from 0 to 1 and back again. */
export const PERIOD = 2;

/** @returns a number in [0, 1] for any finite one */
export function toBox(unbounded: number): number {
  if (unbounded >= 0 && unbounded <= 1) return unbounded;
  const t = modulo(unbounded, PERIOD);
  return t > 1 ? PERIOD - t : t;
}

/** Of the numbers that `toBox` maps to `x` the one nearest to `near`. */
export function fromBox(x: number, near: number): number {
  const same = x + PERIOD * Math.round((near - x) / PERIOD);
  const mirrored = -x + PERIOD * Math.round((near + x) / PERIOD);
  return Math.abs(mirrored - near) < Math.abs(same - near) ? mirrored : same;
}

/** Whether `toBox` turns the axis round there: its slope is -1. */
export function isMirrored(unbounded: number): boolean {
  return (unbounded < 0 || unbounded > 1) && modulo(unbounded, PERIOD) > 1;
}

/** In [0, divisor], exact however large `value` is. */
function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}
