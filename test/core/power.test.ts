import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { power } from '../../src/core/power.ts';

/** Relative to what rounding of the exponent of e alone may cost. */
function error(base: number, exponent: number): number {
  const exact = base ** exponent;
  const units = 2 + 2 * Math.abs(exponent * Math.log(Math.abs(base)));
  return Math.abs(power(base, exponent) - exact) / (Math.abs(exact) * Number.EPSILON * units);
}

describe('power', () => {
  it('is a power, to a few units in the last place', () => {
    const base = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(base, fc.double({ min: -20, max: 20, noNaN: true }), (b, e) => {
        expect(error(b, e)).toBeLessThan(1);
      }),
      { seed: 1 },
    );
    fc.assert(
      fc.property(
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.integer({ min: -9, max: 9 }),
        (b, e) => {
          fc.pre(Math.abs(b) > 1e-3);
          // One rounding a multiplication.
          expect(Math.abs(power(b, e) / b ** e - 1)).toBeLessThan(20 * Number.EPSILON);
        },
      ),
      { seed: 2 },
    );
  });

  it('is exact for powers of two, and at the ends', () => {
    for (const exponent of [-1022, -3, 0, 1, 20, 1023]) expect(power(2, exponent)).toBe(2 ** exponent);
    expect(power(0, 0.3)).toBe(0);
    expect(power(0, 0)).toBe(1);
    expect(power(0.5, 1e9)).toBe(0);
    expect(power(-2, 0.5)).toBeNaN();
  });
});
