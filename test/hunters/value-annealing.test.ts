import { describe, expect, it } from 'vitest';
import { valueAnnealing, type ValueAnnealingOptions } from '../../src/hunters/value-annealing.ts';
import { drawing, huntOf, setup } from './support.ts';

describe('value-annealing', () => {
  const options: ValueAnnealingOptions = { survivalAtTwice: 0.1, of: 'fx' };
  const context = { ...huntOf([30], [10]), spread: 20 };

  it('lets a victim one spread above the best survive with the chance survivalAtTwice', () => {
    expect(valueAnnealing.create(options, drawing(0.09)).examine(context).holds).toBe(false);
    expect(valueAnnealing.create(options, drawing(0.11)).examine(context)).toEqual({
      holds: true,
      detail: 'u 0.11 > survival 0.1',
    });
  });

  it('lets one two spreads above survive with the square of it', () => {
    const further = { ...context, victim: huntOf([50], []).victim };
    expect(valueAnnealing.create(options, drawing(0.011)).examine(further).holds).toBe(true);
    expect(valueAnnealing.create(options, drawing(0.009)).examine(further).holds).toBe(false);
  });

  it('never names the holder, or one who is as good, or has no value yet', () => {
    const hunter = valueAnnealing.create(options, drawing(0.999));
    expect(hunter.examine(huntOf([10], [10]))).toEqual({ holds: false, detail: 'gap 0 is not above 0' });
    expect(hunter.examine(huntOf([null], [10])).holds).toBe(false);
    expect(hunter.examine(huntOf([], [10])).holds).toBe(false);
  });

  it('takes any gap for a wide one while the spread is 0', () => {
    const hunter = valueAnnealing.create(options, drawing(0.001));
    // Two of three values are the best.
    expect(hunter.examine(huntOf([11], [10, 10]))).toEqual({ holds: true, detail: 'u 0.001 > survival 0' });
  });

  it('works with a best value of exactly 0', () => {
    const hunter = valueAnnealing.create(options, drawing(0.5));
    expect(hunter.examine({ ...huntOf([20], [0]), spread: 20 }).holds).toBe(true);
  });

  it('looks at another column of victim and holder when told to', () => {
    const hunter = valueAnnealing.create({ survivalAtTwice: 0.5, of: 'extras.size' }, drawing(0.3));
    // The sizes 8, 4, 6 have the median 6 and the spread 2: the victim is two spreads above.
    const victim = [{ fx: 30, extras: { size: 8 } }];
    const holder = [4, 6].map((size) => ({ fx: 10, extras: { size } }));
    expect(hunter.examine(huntOf(victim, holder))).toEqual({
      holds: true,
      detail: 'extras.size: u 0.3 > survival 0.25',
    });
    // Best in fx is not best in size.
    expect(hunter.examine(huntOf(holder, victim))).toEqual({
      holds: false,
      detail: 'extras.size: gap -4 is not above 0',
    });
  });

  it('kills about as often as it says, over many hunts', () => {
    const hunter = valueAnnealing.create(options, setup);
    let killed = 0;
    for (let callId = 1; callId <= 10_000; callId++)
      if (hunter.examine({ ...context, callId }).holds) killed++;
    // 0.9, five standard errors.
    expect(Math.abs(killed / 10_000 - 0.9)).toBeLessThan(0.015);
  });
});
