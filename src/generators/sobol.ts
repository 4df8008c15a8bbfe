import { options } from '../core/options.ts';
import { wordsAt } from '../core/random.ts';
import type { GeneratorComponent } from './contract.ts';
import { DIRECTIONS } from './sobol-directions.ts';

/**
 * Start k is point k of a scrambled Sobol sequence: starts fill the box evenly, however many there will be. Of each 2^m in a row that
 * begin at a multiple of 2^m, exactly one is in each of the 2^m equal slices of each parameter's range.
 *
 * Parameters beyond the 32nd use the same 32 dimensions again, in groups, each with the points in an order of its own: even in every
 * parameter and within every group, as if independent between them.
 *
 * @remarks Not in GloMPO.
 * @see Sobol (1967), USSR Comput. Math. Math. Phys. 7, 86
 * @see Owen (1995), Randomly permuted (t,m,s)-nets and (t,s)-sequences: the scrambling
 * @see Burley (2020), Practical hash-based Owen scrambling, J. Comput. Graph. Tech. 9(4): the order of the points by the same means
 */
export const sobol: GeneratorComponent<object> = {
  name: 'sobol',
  summary: 'points of a scrambled Sobol sequence: they fill the box evenly, however many there will be',
  options: options({}),
  create(_options, { dimension, seed }) {
    return {
      generate({ optimizerId }) {
        const point = new Float64Array(dimension);
        let index = 0;
        for (let i = 0; i < dimension; i++) {
          const within = i % DIRECTIONS.length;
          if (within === 0) index = i === 0 ? optimizerId - 1 : scramble(optimizerId - 1, seed, 'order', i);
          const cell = scramble(sobolAt(index, DIRECTIONS[within]!), seed, 'coordinate', i);
          point[i] = (cell + 0.5) / 2 ** 32;
        }
        return point;
      },
    };
  },
};

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
function scramble(value: number, seed: number, what: string, coordinate: number): number {
  const path = `generator/sobol/${what}`;
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
