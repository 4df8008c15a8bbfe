import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { LU } from '../../../src/optimizers/math/lu.ts';

describe('the LU factorization', () => {
  it('solves systems of any size, with zeros on the diagonal too', () => {
    const random = RandomStream.at(1, 'test/lu');
    for (const n of [1, 2, 5, 30]) {
      const a = Float64Array.from({ length: n * n }, (_, at) =>
        at % (n + 1) === 0 && n > 1 ? 0 : random.normal(),
      );
      const x = Float64Array.from({ length: n }, () => random.normal());
      const b = Float64Array.from({ length: n }, (_, i) =>
        x.reduce((sum, value, k) => sum + a[i * n + k]! * value, 0),
      );
      const solved = LU.of(a.slice(), n)!.solve(b);
      for (const [i, value] of x.entries()) expect(solved[i]).toBeCloseTo(value, 9);
    }
  });

  it('refuses what is singular or not finite', () => {
    expect(LU.of(Float64Array.of(1, 2, 2, 4), 2)).toBeUndefined();
    expect(LU.of(new Float64Array(9), 3)).toBeUndefined();
    expect(LU.of(Float64Array.of(NaN, 1, 1, 1), 2)).toBeUndefined();
  });
});
