import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../src/manager/history.ts';
import { Spread } from '../../src/manager/spread.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('the history of an optimizer', () => {
  it('answers as the whole list of values would, within its window', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 60 }), fc.nat(20), fc.nat(20), (values, window, back) => {
        const history = new History(
          { id: 1, type: 'random', restarts: false },
          { values: window, points: 0, columns: [] },
        );
        for (const value of values) history.push(value);
        const calls = Math.min(back, window);
        const before = values.slice(0, Math.max(0, values.length - calls));
        expect(history.evaluations).toBe(values.length);
        expect(history.best).toBe(values.length === 0 ? NaN : Math.min(...values));
        expect(history.bestAgo(calls)).toBe(before.length === 0 ? NaN : Math.min(...before));
        expect([...history.lastValues(calls)]).toEqual(calls === 0 ? [] : values.slice(-calls));
      }),
    );
  });
});

describe('the spread of a run', () => {
  it('is the distance of the median from the best', () => {
    const spread = new Spread();
    for (const value of [9, 1, 1000, 4, 5]) spread.push(value);
    expect(spread.value).toBe(4);
    spread.push(7);
    expect(spread.value).toBe(5);
  });

  it('is 0 before there are two values', () => {
    const spread = new Spread();
    expect(spread.value).toBe(0);
    spread.push(7);
    expect(spread.value).toBe(0);
  });

  it('sees the best value, whether or not it is in the sample', () => {
    const spread = new Spread();
    for (let i = 0; i < 5000; i++) spread.push(100);
    // With a stride of 8 by now, the next value is not sampled.
    spread.push(3);
    expect(spread.value).toBe(97);
  });

  it('stays within a few percent of the true one over a million values, in bounded memory', () => {
    const spread = new Spread();
    // A scrambled sequence of 0 .. 999982: its median is half of that.
    for (let i = 0; i < 999_983; i++) spread.push((i * 7919) % 999_983);
    expect(Math.abs(spread.value / (999_983 / 2) - 1)).toBeLessThan(0.05);
  });
});
