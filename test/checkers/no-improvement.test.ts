import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Checker } from '../../src/checkers/contract.ts';
import { noImprovement } from '../../src/checkers/no-improvement.ts';
import { factsOf, heldAt, setup } from './support.ts';

/** The best value as it was after 1, 2, 3 … evaluations, asked about after each. */
function each(...bests: readonly number[]): { evaluations: number; best: number }[] {
  return bests.map((best, i) => ({ evaluations: i + 1, best }));
}

function make(evaluations: number, tolerance = 0, of = 'fx'): Checker {
  const made = noImprovement.create({ evaluations, tolerance, of }, setup);
  return {
    ...made,
    examine(run) {
      made.observe?.(run);
      return made.examine(run);
    },
  };
}

describe('no-improvement', () => {
  it('holds once the best value is as old as it says', () => {
    // 7 was found by evaluation 3.
    expect(heldAt(make(3), each(9, 8, 7, 7, 7, 7, 7))).toEqual([6, 7]);
    // An improvement in time starts the wait again.
    expect(heldAt(make(3), each(9, 8, 7, 7, 7, 6, 6, 6, 6))).toEqual([9]);
  });

  it('does not hold before there are so many evaluations', () => {
    expect(heldAt(make(3), [{ evaluations: 0, best: NaN }, ...each(5, 5, 5)])).toEqual([]);
    expect(make(3).examine(factsOf({ evaluations: 0, best: NaN }))).toEqual({
      holds: false,
      detail: 'no value yet',
    });
    expect(make(3).examine(factsOf({ evaluations: 1, best: 5 }))).toEqual({
      holds: false,
      detail: '0 evaluations since the first value < 3',
    });
  });

  it('waits for a first value, however long that takes', () => {
    expect(heldAt(make(2), each(NaN, NaN, NaN, NaN, NaN, 5, 5, 5))).toEqual([8]);
    expect(heldAt(make(2), each(NaN, NaN, NaN, NaN, NaN))).toEqual([]);
  });

  it('takes a gain within the tolerance for none, however small the steps that it was made in', () => {
    const checker = make(4, 0.25);
    // The spread is 4, so a gain of 1 in 4 evaluations is too little.
    const creeping = each(9, 8.5, 8, 7.5, 7, 6.75, 6.5);
    expect(heldAt(make(4, 0.25), creeping)).toEqual([]);
    // 8 four evaluations ago; 7.25, and then 7, are not better by more than 1.
    const slowing = each(9, 8, 7.75, 7.5, 7.25, 7.25, 7.25);
    expect(heldAt(checker, slowing)).toEqual([6, 7]);
    expect(checker.examine(factsOf({ evaluations: 8, best: 6.5 }))).toEqual({
      holds: true,
      detail: 'gain 1 <= 0.25·spread 4 in 4 evaluations',
    });
    expect(checker.examine(factsOf({ evaluations: 9, best: 6 }))).toEqual({
      holds: false,
      detail: 'gain 1.25 > 0.25·spread 4 in 4 evaluations',
    });
  });

  it('holds without any gain while the spread is 0', () => {
    const checker = make(2, 0.5);
    expect(
      heldAt(
        checker,
        each(5, 5, 5).map((moment) => ({ ...moment, spread: 0 })),
      ),
    ).toEqual([3]);
  });

  it('may hold late, but never early, when it is asked after batches', () => {
    // What was seen at 8 may have been found at 1, what was seen at 24 at 17.
    const moments = [8, 16, 24, 32, 40].map((evaluations, i) => ({ evaluations, best: [9, 9, 8, 8, 8][i]! }));
    expect(heldAt(make(8), moments)).toEqual([16, 32, 40]);
    expect(heldAt(make(10), moments)).toEqual([40]);
    expect(heldAt(make(17), moments)).toEqual([]);
  });

  it('does not mind being asked twice, or being asked first in the middle of a run', () => {
    const moments = [100, 100, 105, 105, 110, 110].map((evaluations) => ({ evaluations, best: 5 }));
    expect(heldAt(make(10), moments)).toEqual([110, 110]);
  });

  it('looks at another column when told to', () => {
    const checker = make(2, 0, 'extras.validation');
    expect(checker.columns).toEqual(['extras.validation']);
    // fx gets better all the time.
    const moments = each(9, 8, 7, 6, 5).map((moment, i) => ({
      ...moment,
      column: () => ({ best: [NaN, 3, 2, 2, 2][i]!, spread: 1 }),
    }));
    expect(heldAt(checker, moments)).toEqual([5]);
    expect(checker.examine(factsOf({ evaluations: 6, column: () => ({ best: 2, spread: 1 }) })).detail).toBe(
      'extras.validation: gain 0 <= 0 in 2 evaluations',
    );
  });

  it('says the same as a look at all moments at which it was asked, for f and for a·f + b, a > 0', () => {
    const value = fc.option(fc.integer({ min: -64, max: 64 }), { nil: NaN, freq: 3 });
    // So many evaluations after the moment before, the best of which is `value`.
    const moment = fc.record({ more: fc.integer({ min: 0, max: 6 }), value });
    fc.assert(
      fc.property(
        fc.array(moment, { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0, 0.25, 1),
        fc.constantFrom(2 ** -10, 1, 1024),
        fc.integer({ min: -1000, max: 1000 }),
        (steps, evaluations, tolerance, a, b) => {
          let now = 0;
          let best = NaN;
          const asked = steps.map(({ more, value: found }) => {
            now += more;
            if (!(best <= found) && !Number.isNaN(found)) best = found;
            return { evaluations: now, best };
          });
          const expected = asked
            .filter((one, i) => {
              const past = asked
                .slice(0, i)
                .findLast((earlier) => earlier.evaluations <= one.evaluations - evaluations);
              return past !== undefined && past.best - one.best <= tolerance * 16;
            })
            .map((one) => one.evaluations);
          const mapped = asked.map((one) => ({ ...one, best: a * one.best + a * b, spread: a * 16 }));
          expect(heldAt(make(evaluations, tolerance), mapped)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
