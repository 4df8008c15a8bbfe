import { describe, expect, it } from 'vitest';
import { evaluationsUnmoving } from '../../src/hunters/evaluations-unmoving.ts';
import { type Evaluation, huntOf, setup } from './support.ts';

/** Values of `extras.size`, while fx is different all the time. */
function sizes(...some: readonly number[]): readonly Evaluation[] {
  return some.map((size, i) => ({ fx: i, extras: { size } }));
}

describe('evaluations-unmoving', () => {
  const hunter = evaluationsUnmoving.create({ calls: 4, tolerance: 0.5, of: 'fx' }, setup);

  it('waits until there are `calls` evaluations that did not fail', () => {
    expect(hunter.examine(huntOf([1, 1, null, 1], [5]))).toEqual({
      holds: false,
      detail: '3 evaluations, needs 4',
    });
    expect(hunter.examine(huntOf([null, null, null, null], [5])).holds).toBe(false);
  });

  it('names a victim whose last values have a standard deviation of no more than the tolerance times the spread', () => {
    // The last four, 1 2 3 4, have the population standard deviation sqrt(1.25).
    const context = huntOf([9, 1, 2, null, 3, 4], [0]);
    expect(hunter.examine({ ...context, spread: 2.2 })).toEqual({
      holds: false,
      detail: 'sd 1.118 > 0.5·spread 2.2',
    });
    expect(hunter.examine({ ...context, spread: 2.3 })).toEqual({
      holds: true,
      detail: 'sd 1.118 <= 0.5·spread 2.3',
    });
  });

  it('names one whose values are all the same while the spread is 0', () => {
    expect(hunter.examine(huntOf([5, 5, 5, 5], [5])).holds).toBe(true);
  });

  it('keeps its digits for values far from 0', () => {
    const far = [1, 2, 3, 4].map((value) => value + 1e9);
    expect(hunter.examine({ ...huntOf(far, [0]), spread: 1 }).detail).toBe('sd 1.118 > 0.5·spread 1');
  });

  it('looks at another column when told to', () => {
    const ofSize = evaluationsUnmoving.create({ calls: 2, tolerance: 0, of: 'extras.size' }, setup);
    expect(ofSize.examine(huntOf(sizes(3, 1, 1), [0]))).toEqual({
      holds: true,
      detail: 'extras.size: sd 0 <= 0·spread 0',
    });
    expect(ofSize.examine(huntOf(sizes(3, 1, 2), [0])).holds).toBe(false);
  });
});
