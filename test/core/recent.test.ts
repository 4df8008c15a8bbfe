import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recent } from '../../src/core/recent.ts';

const key = fc.nat(9);
const step = fc.oneof(
  fc.record({ does: fc.constant('get' as const), key }),
  fc.record({ does: fc.constant('delete' as const), key }),
);

it('keeps those that were asked for last, and lets go of each other one once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step), (most, steps) => {
      const gone: number[] = [];
      const recent = new Recent<number, number>(most, (value) => gone.push(value));
      // Ordered by when they were asked for.
      let model: { readonly key: number; readonly value: number }[] = [];
      const expectedGone: number[] = [];
      for (const [value, { does, key: one }] of steps.entries()) {
        const known = model.find((entry) => entry.key === one);
        model = model.filter((entry) => entry.key !== one);
        if (does === 'delete') recent.delete(one);
        else {
          expect(recent.get(one)).toBe(known?.value);
          if (!known) recent.add(one, value);
          model.push(known ?? { key: one, value });
          if (model.length > most) expectedGone.push(model.shift()!.value);
        }
        expect(recent.values()).toEqual(model.map((entry) => entry.value));
        expect(gone).toEqual(expectedGone);
      }
    }),
  );
});
