import { describe, expect, it } from 'vitest';
import { timeAnnealing } from '../../src/hunters/time-annealing.ts';
import { drawing, huntOf, setup } from './support.ts';

const calls = (count: number): number[] => Array.from({ length: count }, () => 1);

describe('time-annealing', () => {
  it('lets a victim survive with the chance that the numbers of evaluations say', () => {
    // 3 evaluations of the holder to 4 of the victim: 0.75.
    const context = huntOf(calls(4), calls(3));
    expect(timeAnnealing.create({ safeRatio: 1 }, drawing(0.74)).examine(context)).toEqual({
      holds: false,
      detail: 'u 0.74 <= 3/(1·4)',
    });
    expect(timeAnnealing.create({ safeRatio: 1 }, drawing(0.76)).examine(context)).toEqual({
      holds: true,
      detail: 'u 0.76 > 3/(1·4)',
    });
  });

  it('names nobody while the holder has made safeRatio times the evaluations', () => {
    const strict = timeAnnealing.create({ safeRatio: 2 }, drawing(0.999));
    expect(strict.examine(huntOf(calls(4), calls(8))).holds).toBe(false);
    expect(strict.examine(huntOf(calls(4), calls(7))).holds).toBe(true);
    const loose = timeAnnealing.create({ safeRatio: 0.5 }, drawing(0.999));
    expect(loose.examine(huntOf(calls(8), calls(4))).holds).toBe(false);
  });

  it('counts failed evaluations', () => {
    const hunter = timeAnnealing.create({ safeRatio: 1 }, drawing(0.6));
    expect(hunter.examine(huntOf([1, null], [1])).holds).toBe(true);
    expect(hunter.examine(huntOf([1, null], [1, null])).holds).toBe(false);
  });

  it('names neither a victim without evaluations nor the holder', () => {
    const hunter = timeAnnealing.create({ safeRatio: 5 }, drawing(0.999));
    expect(hunter.examine(huntOf([], calls(1)))).toEqual({ holds: false, detail: 'no evaluations yet' });
    const { holder, ...context } = huntOf([], calls(3));
    expect(hunter.examine({ ...context, holder, victim: holder }).holds).toBe(false);
  });

  it('kills about as often as it says, over many hunts', () => {
    const hunter = timeAnnealing.create({ safeRatio: 1 }, setup);
    const context = huntOf(calls(10), calls(3));
    let killed = 0;
    for (let callId = 1; callId <= 10_000; callId++)
      if (hunter.examine({ ...context, callId }).holds) killed++;
    // 0.7, five standard errors.
    expect(Math.abs(killed / 10_000 - 0.7)).toBeLessThan(0.023);
  });
});
