import { describe, expect, it } from 'vitest';
import { bestUnmoving } from '../../src/hunters/best-unmoving.ts';
import { huntOf, setup } from './support.ts';

describe('best-unmoving', () => {
  const hunter = bestUnmoving.create({ calls: 3, tolerance: 0.05, of: 'fx' }, setup);

  it('waits until there are more than `calls` evaluations that did not fail', () => {
    expect(hunter.examine(huntOf([null, 5, 5, null, 5], [0, 10]))).toEqual({
      holds: false,
      detail: '3 evaluations, needs more than 3',
    });
    expect(hunter.examine(huntOf([], [0])).holds).toBe(false);
  });

  it('names a victim whose best has gained no more than the tolerance times the spread', () => {
    // Best 3 evaluations ago: 7; now 6.5: gain 0.5. The median of 0, 10, 9, 7, 8, 7, 6.5 is 7, the best of the run 0: spread 7.
    const context = huntOf([9, 7, 8, 7, 6.5], [0, 10]);
    expect(context.spread).toBe(7);
    expect(hunter.examine(context)).toEqual({ holds: false, detail: 'gain 0.5 > 0.05·spread 7' });
    // Best 3 evaluations ago: 7; now 6.9.
    expect(hunter.examine(huntOf([9, 7, 8, 7, 6.9], [0, 10]))).toEqual({
      holds: true,
      detail: 'gain 0.1 <= 0.05·spread 7',
    });
  });

  it('names one that gained nothing while the spread is 0', () => {
    expect(hunter.examine(huntOf([5, 5, 5, 5], [5]))).toEqual({
      holds: true,
      detail: 'gain 0 <= 0.05·spread 0',
    });
  });

  it('looks at another column when told to', () => {
    const ofSize = bestUnmoving.create({ calls: 1, tolerance: 0.5, of: 'extras.size' }, setup);
    // fx gains much, size nothing; the sizes 4, 4 and 2 have the median 4 and the spread 2.
    const victim = [
      { fx: 9, extras: { size: 4 } },
      { fx: 1, extras: { size: 4 } },
    ];
    expect(ofSize.examine(huntOf(victim, [{ fx: 0, extras: { size: 2 } }]))).toEqual({
      holds: true,
      detail: 'extras.size: gain 0 <= 0.5·spread 2',
    });
    // A column that the task does not return has no values.
    expect(ofSize.examine(huntOf([9, 1], [0]))).toEqual({
      holds: false,
      detail: 'extras.size: 0 evaluations, needs more than 1',
    });
  });
});
