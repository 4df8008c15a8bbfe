import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { factorizeRows, multiplyRows, solveRows } from '../../../src/optimizers/math/triangular.ts';

const random = RandomStream.at(1, 'test/triangular');
const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());

// All sizes around the unrolling by four.
describe.each([1, 2, 3, 4, 5, 7, 8, 9, 13])('with %i rows', (n) => {
  // A lower triangle with a diagonal that keeps it well-conditioned; what lies above must not be looked at.
  const lower = numbers(n * n).map((value, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return j > i ? NaN : i === j ? 2 + Math.abs(value) : value / n;
  });
  const at = (i: number, j: number): number => (j <= i ? lower[i * n + j]! : 0);
  const inverse = Float64Array.from({ length: n }, (_, i) => 1 / lower[i * n + i]!);

  it("factorizeRows finds L of L L', and 1 / L_ii", () => {
    const a = new Float64Array(n * n).fill(NaN);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += at(i, k) * at(j, k);
        a[i * n + j] = sum;
      }
    const [l, reciprocals] = [new Float64Array(n * n), new Float64Array(n)];
    expect(factorizeRows(a, n, l, reciprocals)).toBe(true);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) expect(l[i * n + j]).toBeCloseTo(at(i, j), 12);
      expect(reciprocals[i]).toBeCloseTo(inverse[i]!, 12);
    }
  });

  it('multiplyRows gives L v, four rows a call, and solveRows finds v again', () => {
    const v = numbers(n);
    const out = new Float64Array(n + 3).fill(-7);
    for (let from = 0; from < n; from += 4) multiplyRows(lower, n, from, v, out, 2);
    expect([out[0], out[1], out[n + 2]]).toEqual([-7, -7, -7]);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += at(i, k) * v[k]!;
      expect(out[2 + i]).toBeCloseTo(sum, 12);
    }
    const solved = new Float64Array(n);
    solveRows(lower, n, inverse, out, 2, solved);
    for (let i = 0; i < n; i++) expect(solved[i]).toBeCloseTo(v[i]!, 12);
  });
});

describe('factorizeRows', () => {
  it.each([
    ['indefinite', [1, 2, 1]],
    ['singular', [1, 1, 1]],
    ['not finite', [1, NaN, 1]],
    ['infinite', [Infinity, 0, 1]],
  ])('refuses a matrix that is %s', (_, [a, b, c]) => {
    const matrix = Float64Array.of(a!, 0, b!, c!);
    expect(factorizeRows(matrix, 2, new Float64Array(4), new Float64Array(2))).toBe(false);
  });
});
