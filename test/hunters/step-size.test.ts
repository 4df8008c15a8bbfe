import { describe, expect, it } from 'vitest';
import { stepSize } from '../../src/hunters/step-size.ts';
import { huntOf, setup } from './support.ts';

const along = (...line: readonly number[]): { fx: number; x: readonly number[] }[] =>
  line.map((x) => ({ fx: 1, x: [x] }));

describe('step-size', () => {
  const hunter = stepSize.create({ calls: 3, tolerance: 0.25 }, setup);

  it('waits until there are `calls` points that did not fail', () => {
    expect(hunter.examine(huntOf(along(0.5, 0.5), along(0)))).toEqual({
      holds: false,
      detail: '2 evaluations, needs 3',
    });
    expect(hunter.examine(huntOf([null, null, null], along(0))).holds).toBe(false);
    expect(hunter.examine(huntOf([], along(0))).holds).toBe(false);
  });

  it('names a victim whose steps are small on average', () => {
    // Steps of 0.5 and 0: mean 0.25. The first step is too long ago.
    expect(hunter.examine(huntOf(along(1, 0, 0.5, 0.5), along(0)))).toEqual({
      holds: true,
      detail: 'mean step 0.25 <= 0.25',
    });
    // Back and forth goes far without getting anywhere.
    expect(hunter.examine(huntOf(along(0, 0.5, 0), along(0)))).toEqual({
      holds: false,
      detail: 'mean step 0.5 > 0.25',
    });
  });

  it('leaves failed evaluations out', () => {
    const [a, b, c] = along(0.5, 0.5, 0.5);
    const failed = { fx: null, x: [0] };
    expect(hunter.examine(huntOf([a!, failed, b!, failed, c!], along(0))).detail).toBe('mean step 0 <= 0.25');
  });

  it("takes the task's own distance", () => {
    const context = { ...huntOf(along(0, 0, 0), along(0)), distance: () => 7 };
    expect(hunter.examine(context).detail).toBe('mean step 7 > 0.25');
  });
});
