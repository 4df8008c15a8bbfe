/**
 * The way between the unit box and an unbounded space in which algorithms that know no bounds can live: coordinate by coordinate the
 * identity, but for a margin at each bound, where a parabola with slope 0 at the bound turns it round, and so on periodically. The
 * objective is thus smooth where it was, and an optimum on a bound or in a corner is an ordinary optimum of the unbounded space.
 *
 * @see pycma, `BoxConstraintsLinQuadTransformation`
 */

/** A margin reaches this far to both sides of a bound: [-MARGIN, MARGIN] of the unbounded axis is mapped to [0, MARGIN]. */
export const MARGIN = 0.05;

/** The unbounded axis from -MARGIN to 1 + MARGIN and back again. */
export const PERIOD: number = 2 * (1 + 2 * MARGIN);

/** @returns a number in [0, 1] for any finite one */
export function toBox(unbounded: number): number {
  let t = unbounded;
  if (t < -MARGIN || t > 1 + MARGIN) {
    t = modulo(unbounded + MARGIN, PERIOD);
    t = (t > PERIOD / 2 ? PERIOD - t : t) - MARGIN;
  }
  if (t < MARGIN) return (t + MARGIN) ** 2 / (4 * MARGIN);
  if (t > 1 - MARGIN) return 1 - (1 + MARGIN - t) ** 2 / (4 * MARGIN);
  return t;
}

/** Of the numbers that `toBox` maps to `x` the one nearest to `near`. */
export function fromBox(x: number, near: number): number {
  let t = x;
  if (x < MARGIN) t = -MARGIN + 2 * Math.sqrt(MARGIN * x);
  else if (x > 1 - MARGIN) t = 1 + MARGIN - 2 * Math.sqrt(MARGIN * (1 - x));
  const same = t + PERIOD * Math.round((near - t) / PERIOD);
  const mirrored = -2 * MARGIN - t;
  const other = mirrored + PERIOD * Math.round((near - mirrored) / PERIOD);
  return Math.abs(other - near) < Math.abs(same - near) ? other : same;
}

/** `unbounded` moved by whole periods, so that it keeps its digits however far the distribution wandered. */
export function intoOnePeriod(unbounded: number): number {
  const start = 0.5 - PERIOD / 2;
  if (unbounded >= start && unbounded <= start + PERIOD) return unbounded;
  return start + modulo(unbounded - start, PERIOD);
}

/** In [0, divisor], exact however large `value` is. */
function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}
