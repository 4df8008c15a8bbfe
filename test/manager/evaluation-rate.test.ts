import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvaluationRate } from '../../src/manager/evaluation-rate.ts';

/** @param batches how many evaluations each had, and so many milliseconds after the one before */
function rateAfter(batches: readonly (readonly [evaluations: number, ms: number])[]): number {
  let now = 1000;
  const rate = new EvaluationRate(now);
  for (const [evaluations, ms] of batches) rate.add(evaluations, (now += ms));
  return rate.perSecond;
}

const repeated = <Item>(item: Item, times: number): Item[] => Array.from({ length: times }, () => item);

describe('the rate of an optimizer', () => {
  it('is nothing before there are evaluations', () => {
    expect(rateAfter([])).toBe(0);
  });

  it('is what it does, from the first batch on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 30 }), (size, times) => {
        // In 0.3 s weights fall by e: within a batch they are taken as one.
        expect(rateAfter(repeated([size, 10], times)) / (size * 100)).toBeCloseTo(1, 1);
      }),
    );
  });

  it('is no higher for batches that come all at once after a stall', () => {
    const stalled = [
      ...repeated([2, 4] as const, 100),
      [2, 200] as const,
      ...repeated([2, 0.05] as const, 49),
    ];
    expect(rateAfter(stalled)).toBeLessThan(700);
    expect(rateAfter(stalled)).toBeGreaterThan(400);
  });

  it('follows an optimizer that becomes faster or slower, or had a pause', () => {
    const slow = repeated([1, 100] as const, 20);
    const fast = repeated([10, 1] as const, 1000);
    expect(rateAfter([...slow, ...fast]) / 10_000).toBeGreaterThan(0.9);
    expect(rateAfter([...fast, ...slow])).toBeLessThan(50);
    expect(rateAfter([...fast, [1, 60_000]])).toBeLessThan(5);
    expect(rateAfter([...fast, [1, 60_000], ...fast]) / 10_000).toBeGreaterThan(0.9);
  });

  it('is finite for what comes at once', () => {
    expect(rateAfter([[12, 0]])).toBe(12_000);
  });
});
