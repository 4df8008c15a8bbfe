import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { addOuterProducts } from '../../../src/optimizers/math/matrix.ts';

const random = RandomStream.at(1, 'test/matrix');
const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());

// All sizes around the unrolling by four.
describe.each([1, 2, 3, 4, 5, 7, 8, 9])('with %i rows', (n) => {
  const a = numbers(n * n);

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
