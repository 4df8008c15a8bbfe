import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBox, isMirrored, PERIOD, toBox } from '../../../src/optimizers/math/box.ts';

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
    for (const t of [0, 1e-300, 0.123456789, 0.5, 1]) expect(toBox(t)).toBe(t);
  });

  it('is even about both turning points and periodic', () => {
    fc.assert(
      fc.property(near, (t) => {
        expect(toBox(-t)).toBeCloseTo(toBox(t), 12);
        expect(toBox(1 - t)).toBeCloseTo(toBox(1 + t), 12);
        expect(toBox(t + PERIOD)).toBeCloseTo(toBox(t), 12);
      }),
      { seed: 2 },
    );
  });

  it('is undone by fromBox, which takes the nearest of all numbers', () => {
    fc.assert(
      fc.property(inBox, near, (x, t) => {
        const back = fromBox(x, t);
        expect(toBox(back)).toBeCloseTo(x, 12);
        const least = fromBox(x, 0.5);
        for (let k = -4; k <= 4; k++)
          for (const other of [least, -least])
            expect(Math.abs(back - t)).toBeLessThanOrEqual(Math.abs(other + k * PERIOD - t) + 1e-12);
      }),
      { seed: 3 },
    );
  });

  it('is mirrored where it falls', () => {
    fc.assert(
      fc.property(near, (t) => {
        fc.pre(Math.abs(t - Math.round(t)) > 1e-6);
        expect(toBox(t + 1e-9) < toBox(t)).toBe(isMirrored(t));
      }),
      { seed: 4 },
    );
  });
});
