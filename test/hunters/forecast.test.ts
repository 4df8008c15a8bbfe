import { describe, expect, it } from 'vitest';
import { forecast } from '../../src/hunters/forecast.ts';
import { historyOf, huntOf, setup } from './support.ts';

const hunter = forecast.create({ caution: 2, of: 'fx' }, setup);

/** Six values a stretch, of which the last is the lowest: `lows`, one after the other. */
function stretches(...lows: readonly number[]): readonly number[] {
  return lows.flatMap((low) => [low + 5, low + 1, low + 3, low + 9, low + 2, low]);
}

describe('forecast', () => {
  // Gains 32, 16, 8, 4: another 4 are to come.
  const descent = stretches(64, 32, 16, 8, 4);

  it('names a victim that would not reach the best value with `caution` times the gain that is forecast', () => {
    expect(hunter.examine(huntOf(descent, [-3.5]))).toEqual({
      holds: false,
      detail: 'forecast -4 <= best -3.5',
    });
    expect(hunter.examine(huntOf(descent, [-4.5]))).toEqual({
      holds: true,
      detail: 'forecast -4 > best -4.5',
    });
  });

  it('takes the slowest of its gains for the rate', () => {
    // Ratios 1/8, 3/4 and 1/2 of gains 32, 4, 3, 1.5: 4.5 are to come.
    expect(hunter.examine(huntOf(stretches(50, 18, 14, 11, 9.5), [0])).detail).toBe('forecast 0.5 > best 0');
  });

  it('leaves those alone that restart by themselves', () => {
    const context = { ...huntOf(descent, [-4.5]), victim: historyOf(descent, { restarts: true }) };
    expect(hunter.examine(context)).toEqual({ holds: false, detail: 'it restarts by itself' });
  });

  it.each([
    ['gains that grow', stretches(64, 60, 52, 36, 4)],
    ['no gain', stretches(64, 32, 16, 16, 16)],
    ['a loss', stretches(64, 32, 16, 8, 12)],
    ['equal gains', stretches(64, 48, 32, 16, 0)],
    ['too short a life', stretches(64, 32, 16, 8)],
    ['only failures', [null, null, null]],
  ])('forecasts nothing from %s', (_, victim) => {
    expect(hunter.examine(huntOf(victim, [-1e9]))).toEqual({
      holds: false,
      detail: 'its values approach no limit',
    });
  });
});
