import { wordsAt } from '../random.ts';
import { DIRECTIONS } from './sobol-directions.ts';

/** So many points a sequence has. */
export const SOBOL_LENGTH: number = 2 ** 32;

/**
 * Point `index` of a scrambled Sobol sequence: of each 2^m in a row that begin at a multiple of 2^m, exactly one is in each of the 2^m
 * equal slices of each coordinate's range.
 *
 * Coordinates beyond the 32nd use the same 32 dimensions again, in groups, each with the points in an order of its own: even in every
 * coordinate and within every group, as if independent between them.
 *
 * @param index 0 .. `SOBOL_LENGTH` - 1
 * @param path whose sequence it is: another one has other random draws
 * @see Sobol (1967), USSR Comput. Math. Math. Phys. 7, 86
 * @see Owen (1995), Randomly permuted (t,m,s)-nets and (t,s)-sequences: the scrambling
 * @see Burley (2020), Practical hash-based Owen scrambling, J. Comput. Graph. Tech. 9(4): the order of the points by the same means
 */
export function sobolPoint(index: number, dimension: number, seed: number, path: string): Float64Array {
  const point = new Float64Array(dimension);
  let place = 0;
  for (let i = 0; i < dimension; i++) {
    const within = i % DIRECTIONS.length;
    if (within === 0) place = i === 0 ? index : scramble(index, seed, `${path}/order`, i);
    const cell = scramble(sobolAt(place, DIRECTIONS[within]!), seed, `${path}/coordinate`, i);
    point[i] = (cell + 0.5) / 2 ** 32;
  }
  return point;
}

/** One coordinate of a point of the sequence, in units of 2^-32. */
function sobolAt(index: number, directions: Uint32Array): number {
  let sum = 0;
  for (let bit = 0, left = index >>> 0; left !== 0; bit++, left >>>= 1) if (left & 1) sum ^= directions[bit]!;
  return sum >>> 0;
}

/**
 * A random permutation of the 32-bit integers that keeps every aligned block of 2^m together: each bit is flipped or not by a draw that
 * belongs to the bits above it.
 */
function scramble(value: number, seed: number, path: string, coordinate: number): number {
  let scrambled = 0;
  // The bits above, behind a leading 1 that tells 0, 00 and 000 apart.
  let above = 1;
  for (let bit = 31; bit >= 0; bit--) {
    const own = (value >>> bit) & 1;
    const flip = wordsAt(seed, path, coordinate, above)[0] >>> 31;
    scrambled = (scrambled << 1) | (own ^ flip);
    above = (above << 1) | own;
  }
  return scrambled >>> 0;
}
