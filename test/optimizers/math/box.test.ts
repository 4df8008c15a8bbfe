import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBox, intoOnePeriod, MARGIN, PERIOD, toBox } from '../../../src/optimizers/math/box.ts';

const inBox = fc.double({ min: 0, max: 1, noNaN: true });
const near = fc.double({ min: -5, max: 5, noNaN: true });
const anywhere = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('the folding of an unbounded axis into [0, 1]', () => {
  it('gives a number in [0, 1] for every finite one', () => {
    fc.assert(
      fc.property(anywhere, (t) => {
        const x = toBox(t);
        expect(x >= 0 && x <= 1).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('is the identity inside and reaches the bounds', () => {
    for (const t of [MARGIN, 0.3, 0.5, 1 - MARGIN]) expect(toBox(t)).toBeCloseTo(t, 15);
    expect(toBox(0.123456789)).toBe(0.123456789);
    expect(toBox(-MARGIN)).toBe(0);
    expect(toBox(1 + MARGIN)).toBe(1);
  });

  it('is even about both turning points and periodic', () => {
    fc.assert(
      fc.property(near, (t) => {
        expect(toBox(-MARGIN - t)).toBeCloseTo(toBox(-MARGIN + t), 12);
        expect(toBox(1 + MARGIN - t)).toBeCloseTo(toBox(1 + MARGIN + t), 12);
        expect(toBox(t + PERIOD)).toBeCloseTo(toBox(t), 12);
      }),
      { seed: 2 },
    );
  });

  it('has a slope that changes without a jump', () => {
    const h = 1e-6;
    const slope = (t: number): number => (toBox(t + h) - toBox(t - h)) / (2 * h);
    for (let t = -1.5; t < 2.5; t += 0.001)
      expect(Math.abs(slope(t + 0.001) - slope(t))).toBeLessThan(0.001 / MARGIN);
  });

  it('is undone by fromBox, which takes the nearest of all numbers', () => {
    fc.assert(
      fc.property(inBox, near, (x, t) => {
        const back = fromBox(x, t);
        expect(toBox(back)).toBeCloseTo(x, 12);
        const least = fromBox(x, 0.5);
        for (let k = -4; k <= 4; k++)
          for (const other of [least, -2 * MARGIN - least])
            expect(Math.abs(back - t)).toBeLessThanOrEqual(Math.abs(other + k * PERIOD - t) + 1e-12);
      }),
      { seed: 3 },
    );
  });

  it('is not changed by moving a number into one period', () => {
    fc.assert(
      fc.property(near, (t) => {
        const moved = intoOnePeriod(t);
        expect(Math.abs(moved - 0.5)).toBeLessThanOrEqual(PERIOD / 2 + 1e-12);
        expect(toBox(moved)).toBeCloseTo(toBox(t), 12);
        expect(intoOnePeriod(moved)).toBe(moved);
      }),
      { seed: 4 },
    );
  });
});
