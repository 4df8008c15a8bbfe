/**
 * Primitive polynomials over GF(2) and initial direction numbers of dimensions 2 to 32: `[a, m_1, .., m_s]`, where the bits of `a` are
 * the inner coefficients of the polynomial of degree s. Dimension 1 is the van der Corput sequence.
 *
 * @see Joe, Kuo (2008), Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30, 2635;
 * the beginning of their table new-joe-kuo-6.21201
 */
const INITIAL: readonly (readonly number[])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1],
  [13, 1, 1, 1, 3, 11],
  [14, 1, 3, 5, 5, 31],
  [1, 1, 3, 3, 9, 7, 49],
  [13, 1, 1, 1, 15, 21, 21],
  [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5],
  [22, 1, 3, 1, 15, 13, 25],
  [25, 1, 1, 5, 5, 19, 61],
  [1, 1, 3, 7, 11, 23, 15, 103],
  [4, 1, 3, 7, 13, 13, 15, 69],
  [7, 1, 1, 3, 13, 7, 35, 63],
  [8, 1, 3, 5, 9, 1, 25, 53],
  [14, 1, 3, 1, 13, 9, 35, 107],
  [19, 1, 3, 1, 5, 27, 61, 31],
  [21, 1, 1, 5, 11, 19, 41, 61],
  [28, 1, 3, 5, 3, 3, 13, 69],
  [31, 1, 1, 7, 13, 1, 19, 1],
  [32, 1, 3, 7, 5, 13, 19, 59],
  [37, 1, 1, 3, 9, 25, 29, 41],
  [41, 1, 3, 5, 13, 23, 1, 55],
  [42, 1, 3, 7, 3, 13, 59, 17],
];

/** For each dimension, what each bit of an index adds to the coordinate, lowest bit first, in units of 2^-32. */
export const DIRECTIONS: readonly Uint32Array[] = [
  Uint32Array.from({ length: 32 }, (_, bit) => 2 ** (31 - bit)),
  ...INITIAL.map(([a, ...m]) => directions(a!, m)),
];

/** Eq. 2 of the paper, with `v_k = m_k / 2^k` in units of 2^-32. */
function directions(a: number, m: readonly number[]): Uint32Array {
  const degree = m.length;
  const v = new Uint32Array(32);
  for (let k = 0; k < 32; k++) {
    if (k < degree) {
      v[k] = m[k]! * 2 ** (31 - k);
      continue;
    }
    let next = v[k - degree]! ^ (v[k - degree]! >>> degree);
    for (let j = 1; j < degree; j++) if ((a >>> (degree - 1 - j)) & 1) next ^= v[k - j]!;
    v[k] = next;
  }
  return v;
}
