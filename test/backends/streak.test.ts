import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streak } from '../../src/backends/streak.ts';

describe('points in a row that were known', () => {
  it('are those after the last one that was evaluated, in whatever order they are noted, saved in between or not', () => {
    const kinds = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        kinds,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.nat(40),
        (isKnown, keys, cut) => {
          const ids = isKnown.map((_, i) => i + 1);
          const shuffled = ids
            .map((id) => [keys.next().value as number, id] as const)
            .toSorted(([a], [b]) => a - b);
          let streak = new Streak();
          for (const [at, [, id]] of shuffled.entries()) {
            if (isKnown[id - 1]) streak.wasKnown(id);
            else streak.evaluated(id);
            if (at === cut) streak = new Streak(streak.save());
          }
          expect(streak.length).toBe(isKnown.length - 1 - isKnown.lastIndexOf(false));
        },
      ),
      { seed: 3 },
    );
  });
});
