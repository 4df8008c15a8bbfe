import { describe, expect, it } from 'vitest';
import { parameterDistance } from '../../src/hunters/parameter-distance.ts';
import { huntOf, setup } from './support.ts';

const at = (...x: readonly number[]): { fx: number; x: readonly number[] } => ({ fx: 1, x });

describe('parameter-distance', () => {
  const hunter = parameterDistance.create({ tolerance: 0.5 }, setup);

  it('compares the last points, in diagonals of the box', () => {
    // 0.3 and 0.4 apart along the axes: 0.5, and 0.5/sqrt(2) = 0.3536 diagonals.
    expect(hunter.examine(huntOf([at(1, 1), at(0.4, 0.5)], [at(1, 1), at(0.1, 0.1)]))).toEqual({
      holds: true,
      detail: 'distance 0.3536 <= 0.5',
    });
    expect(hunter.examine(huntOf([at(0, 0)], [at(1, 1)]))).toEqual({
      holds: false,
      detail: 'distance 1 > 0.5',
    });
  });

  it('holds at the tolerance itself, so that 0 means the same point', () => {
    const same = parameterDistance.create({ tolerance: 0 }, setup);
    expect(same.examine(huntOf([at(0.5, 0.5)], [at(0.5, 0.5)])).holds).toBe(true);
    expect(same.examine(huntOf([at(0.5, 0.5)], [at(0.5, 0.51)])).holds).toBe(false);
  });

  it('passes over failed evaluations', () => {
    const failed = { fx: null, x: [1, 1] };
    expect(hunter.examine(huntOf([at(0, 0), failed], [at(0, 0), failed])).holds).toBe(true);
    expect(hunter.examine(huntOf([failed], [at(1, 1)]))).toEqual({
      holds: false,
      detail: 'no evaluation yet that did not fail',
    });
    expect(hunter.examine(huntOf([], [at(1, 1)])).holds).toBe(false);
  });

  it("takes the task's own distance", () => {
    const context = { ...huntOf([at(0, 0)], [at(0, 0)]), distance: () => 7 };
    expect(hunter.examine(context).detail).toBe('distance 7 > 0.5');
  });

  it('never names the holder', () => {
    const { holder, ...context } = huntOf([], [at(0, 0)]);
    expect(hunter.examine({ ...context, holder, victim: holder }).holds).toBe(false);
  });
});
