import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Slab } from '../../src/core/slab.ts';

it('gives arrays of zeros that have no memory in common, of any length', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(40), fc.nat(10_000)), { maxLength: 300 }), (lengths) => {
      const slab = new Slab();
      const arrays = lengths.map((length, i) => {
        const array = slab.take(length);
        expect(array.length).toBe(length);
        expect(array.every((value) => value === 0)).toBe(true);
        return array.fill(i + 1);
      });
      for (const [i, array] of arrays.entries()) expect(array.every((value) => value === i + 1)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
