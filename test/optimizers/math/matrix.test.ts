import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { addOuterProducts, multiply, multiplyTransposed } from '../../../src/optimizers/math/matrix.ts';

const random = RandomStream.at(1, 'test/matrix');
const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());

// All sizes around the unrolling by four.
describe.each([1, 2, 3, 4, 5, 7, 8, 9])('with %i rows', (n) => {
  const a = numbers(n * n);
  const v = numbers(n);

  it('multiply puts A v where it was told, and nothing elsewhere', () => {
    const out = new Float64Array(n + 3).fill(-7);
    multiply(a, n, v, out, 2);
    expect([out[0], out[1], out[n + 2]]).toEqual([-7, -7, -7]);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * v[k]!;
      expect(out[2 + i]).toBeCloseTo(sum, 12);
    }
  });

  it("multiplyTransposed gives A' v", () => {
    const out = new Float64Array(n).fill(-7);
    multiplyTransposed(a, n, Float64Array.of(9, ...v), 1, out);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[k * n + i]! * v[k]!;
      expect(out[i]).toBeCloseTo(sum, 12);
    }
  });

  it.each([1, 4, 6])('addOuterProducts adds %i weighted squares to the lower triangle', (count) => {
    const rows = numbers(8 * n);
    const starts = Int32Array.from({ length: count }, (_, r) => (7 - r) * n);
    const factors = numbers(count);
    const c = a.slice();
    addOuterProducts(c, n, 0.75, rows, starts, factors);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0.75 * a[i * n + j]!;
        for (let r = 0; r < count; r++) sum += factors[r]! * rows[starts[r]! + i]! * rows[starts[r]! + j]!;
        expect(c[i * n + j]).toBeCloseTo(j <= i ? sum : a[i * n + j]!, 12);
      }
  });
});
