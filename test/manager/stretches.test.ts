import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stretches } from '../../src/manager/stretches.ts';

describe('the stretches of a life', () => {
  it('are 64 to 127, equally long, with the lowest value of each', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 2000, size: 'max' }), (values) => {
        const stretches = new Stretches();
        for (const value of values) stretches.push(value);
        let length = 1;
        while (Math.floor(values.length / length) >= 128) length *= 2;
        const count = Math.floor(values.length / length);
        const lows = Array.from({ length: count }, (_, i) =>
          Math.min(...values.slice(length * i, length * (i + 1))),
        );
        expect([...stretches.lows]).toEqual(lows);
        if (values.length >= 64) expect(count).toBeGreaterThanOrEqual(64);
      }),
    );
  });
});
