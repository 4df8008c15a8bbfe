import type { RandomStream } from '../core/random.ts';

/** Uniform over the unit box. */
export function anywhere(dimension: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length: dimension }, () => random.uniform());
}

export function centre(dimension: number): Float64Array {
  return new Float64Array(dimension).fill(0.5);
}

/**
 * Normal around `point`, cut off at the walls of the unit box: what lies outside is drawn again, coordinate by coordinate. Nothing
 * piles up at the walls so, as it would if it were moved there.
 *
 * @param scale the standard deviation, in (0, 1]: then at least a third of the draws are inside, wherever `point` is
 */
export function near(point: Float64Array, scale: number, random: RandomStream): Float64Array {
  return point.map((coordinate) => {
    for (;;) {
      const drawn = coordinate + scale * random.normal();
      if (drawn >= 0 && drawn <= 1) return drawn;
    }
  });
}

/** A coordinate brought back into [0, 1] as by mirrors at both walls. */
export function fold(coordinate: number): number {
  const folded = Math.abs(coordinate) % 2;
  return folded > 1 ? 2 - folded : folded;
}
