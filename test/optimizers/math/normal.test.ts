import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../../../src/optimizers/math/normal.ts';

describe('the normal distribution', () => {
  // SciPy's norm.cdf
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.96, 0.024997895148220435],
    [-2.5, 0.006209665325776132],
    [-2.6, 0.004661188023718749],
    [-6, 9.865876450376946e-10],
    [-20, 2.7536241186062337e-89],
  ])('has P(Z <= %f) = %f', (z, p) => {
    expect(normalCdf(z) / p).toBeCloseTo(1, 10);
  });

  it('has quantiles that are the way back', () => {
    fc.assert(
      fc.property(fc.double({ min: -250, max: -0.31, noNaN: true }), (exponent) => {
        const p = 10 ** exponent;
        expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 6);
      }),
      { numRuns: 200 },
    );
    for (const p of [0.6, 0.9, 0.999]) expect(normalQuantile(p)).toBe(-normalQuantile(1 - p));
  });
});
