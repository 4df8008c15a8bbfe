import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SymmetricEigen } from '../../../src/optimizers/math/eigen.ts';

/** The whole matrix of a lower triangle given row by row. */
function symmetric(n: number, lower: readonly number[]): Float64Array {
  const a = new Float64Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = lower[at++]!;
  return a;
}

/** Fails unless A V = V D and V' V = 1 up to rounding. */
function expectDecomposed(a: Float64Array, n: number): Float64Array {
  const vectors = new Float64Array(n * n);
  const values = new Float64Array(n);
  expect(new SymmetricEigen(n).decompose(a, vectors, values)).toBe(true);
  const size = Math.max(...a.map(Math.abs), Number.MIN_VALUE);
  const tolerance = 1e-14 * n * n;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let product = 0;
      let dot = 0;
      for (let k = 0; k < n; k++) {
        product += a[i * n + k]! * vectors[k * n + j]!;
        dot += vectors[k * n + i]! * vectors[k * n + j]!;
      }
      expect(Math.abs(product - vectors[i * n + j]! * values[j]!) / size).toBeLessThan(tolerance);
      expect(Math.abs(dot - Number(i === j))).toBeLessThan(tolerance);
    }
  return values;
}

const sorted = (values: Float64Array): readonly number[] => Array.from(values.toSorted());

/** Entries below 1e-100 count as 0, which the decomposition makes of them as well. */
const anyMatrix = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc
    .array(fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constantFrom(0, 0, 1, -1)), {
      minLength: (n * (n + 1)) / 2,
      maxLength: (n * (n + 1)) / 2,
    })
    .map((lower) => ({
      n,
      a: symmetric(
        n,
        lower.map((entry) => (Math.abs(entry) < 1e-100 ? 0 : entry)),
      ),
    })),
);

describe('the eigendecomposition of a symmetric matrix', () => {
  it('satisfies A V = V D with orthogonal V for any matrix', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(anyMatrix, ({ n, a }) => void expectDecomposed(a, n)),
      { numRuns: 300, seed: 1 },
    );
  });

  it('satisfies it for matrices of 40 and 101 rows whose entries span twelve decades', () => {
    expect.hasAssertions();
    for (const n of [40, 101]) {
      const lower = Array.from(
        { length: (n * (n + 1)) / 2 },
        (_, k) => Math.sin(7 * k * k + 1) * 10 ** ((k % 13) - 6),
      );
      expectDecomposed(symmetric(n, lower), n);
    }
  });

  it('finds known eigenvalues: of a diagonal, of equal entries, of the second difference', () => {
    expect(sorted(expectDecomposed(symmetric(3, [3, 0, 1, 0, 0, 2]), 3))).toEqual([1, 2, 3]);
    const equal = sorted(expectDecomposed(new Float64Array(16).fill(1), 4));
    for (const [i, value] of [0, 0, 0, 4].entries()) expect(equal[i]).toBeCloseTo(value, 13);
    const n = 9;
    const difference = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      difference[i * n + i] = 2;
      if (i > 0) difference[i * n + i - 1] = difference[(i - 1) * n + i] = -1;
    }
    const known = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
    const found = sorted(expectDecomposed(difference, n));
    for (const [i, value] of known.entries()) expect(found[i]).toBeCloseTo(value, 13);
  });

  it('reads the lower triangle only and changes nothing of the matrix', () => {
    const n = 4;
    const a = symmetric(n, [4, 1, 3, 0.5, -1, 2, 0.1, 0.2, 0.3, 1]);
    const halved = a.slice();
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) halved[i * n + j] = NaN;
    const before = halved.slice();
    const results = [a, halved].map((matrix) => {
      const vectors = new Float64Array(n * n);
      const values = new Float64Array(n);
      new SymmetricEigen(n).decompose(matrix, vectors, values);
      return [...vectors, ...values];
    });
    expect(results[1]).toEqual(results[0]);
    expect(halved).toEqual(before);
  });

  it('takes entries whose squares vanish for 0', () => {
    const values = new Float64Array(2);
    const a = symmetric(2, [0, 1e-200, 0]);
    expect(new SymmetricEigen(2).decompose(a, new Float64Array(4), values)).toBe(true);
    expect([...values]).toEqual([0, 0]);
  });

  it('gives up on a matrix that is not finite', () => {
    const a = symmetric(3, [1, NaN, 1, 0, 1, 1]);
    expect(new SymmetricEigen(3).decompose(a, new Float64Array(9), new Float64Array(3))).toBe(false);
  });
});
