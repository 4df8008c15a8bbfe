import fc from 'fast-check';
import { expect, it } from 'vitest';
import { select } from '../../src/core/select.ts';

const lists = fc.float64Array({ noNaN: true, minLength: 1, maxLength: 200 });

it('finds the value that sorting would put there, and moves none to the wrong side of it', () => {
  fc.assert(
    fc.property(lists, fc.nat(), (list, n) => {
      const at = n % list.length;
      const values = list.slice();
      const found = select(values, at);
      expect(values.toSorted()).toEqual(list.toSorted());
      // -0 and 0 are one value here.
      expect(found + 0).toBe(list.toSorted()[at]! + 0);
      expect(values.subarray(0, at).every((value) => value <= found)).toBe(true);
      expect(values.subarray(at).every((value) => value >= found)).toBe(true);
    }),
  );
});
