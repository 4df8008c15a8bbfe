import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRanked, type Ranked } from '../../src/core/ranking.ts';

const ranked: fc.Arbitrary<Ranked> = fc.record({
  fx: fc.double(),
  violation: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10, noNaN: true })),
});

describe('compareRanked', () => {
  it('puts lower values first, any violation after every feasible value, less violation before more, and NaN last', () => {
    const order: readonly Ranked[] = [
      { fx: -1 },
      { fx: 0, violation: 0 },
      { fx: 1e300 },
      { fx: -1e300, violation: 1e-9 },
      { fx: 5, violation: 1e-9 },
      { fx: -2, violation: 3 },
      { fx: NaN },
    ];
    for (let i = 0; i < order.length; i++)
      for (let j = 0; j < order.length; j++)
        expect(Math.sign(compareRanked(order[i]!, order[j]!)), `${i} and ${j}`).toBe(Math.sign(i - j));
  });

  it('is an order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(ranked, ranked, ranked, (a, b, c) => {
        expect(Math.sign(compareRanked(a, b)) + Math.sign(compareRanked(b, a))).toBe(0);
        const [x, y, z] = [a, b, c].toSorted(compareRanked) as [Ranked, Ranked, Ranked];
        expect(compareRanked(x, z)).toBeLessThanOrEqual(0);
        expect(compareRanked(x, y)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
