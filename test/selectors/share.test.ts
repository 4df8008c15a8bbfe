import { describe, expect, it } from 'vitest';
import type { PastOptimizer } from '../../src/conditions/past-optimizer.ts';
import { share } from '../../src/selectors/share.ts';
import { past, selection } from './support.ts';

const live = (id: number, type: number, evaluations: number): PastOptimizer => ({
  ...past(id, type, evaluations, 1),
  state: 'live',
});

const chosen = (
  weights: readonly number[] | undefined,
  optimizers: readonly PastOptimizer[],
  isOpen = [true, true, true],
): number =>
  share.create(weights ? { weights } : {}, { types: 3 }).select(selection(3, optimizers, { isOpen }));

describe('share', () => {
  it('starts each type once, in order, when slots become free together', () => {
    expect(chosen(undefined, [])).toBe(0);
    expect(chosen(undefined, [live(1, 0, 0)])).toBe(1);
    expect(chosen(undefined, [live(1, 0, 0), live(2, 1, 0)])).toBe(2);
  });

  it('chooses what is furthest behind its share', () => {
    const used = [past(1, 0, 100, 1), past(2, 1, 90, 1), past(3, 2, 80, 1)];
    expect(chosen(undefined, used)).toBe(2);
    expect(chosen([10, 1, 1], used)).toBe(0);
  });

  it('counts on one that has just started to use as much as those before it', () => {
    const used = [past(1, 0, 100, 1), past(2, 1, 150, 1), past(3, 2, 160, 1), live(4, 0, 5)];
    // 100 + 5 is less than the others, 100 + 100 is not.
    expect(chosen(undefined, used)).toBe(1);
  });

  it('leaves out what may not be started', () => {
    expect(chosen(undefined, [past(1, 1, 50, 1), past(2, 2, 60, 1)], [false, true, true])).toBe(1);
  });

  it('keeps to the shares in the long run', () => {
    const optimizers: PastOptimizer[] = [];
    const cost = [7, 130, 1000];
    const spent = [0, 0, 0];
    for (let id = 1; spent[0]! + spent[1]! + spent[2]! < 100_000; id++) {
      const type = chosen([1, 2, 5], optimizers);
      optimizers.push(past(id, type, cost[type]!, 1));
      spent[type]! += cost[type]!;
    }
    for (const [type, weight] of [1, 2, 5].entries())
      expect(spent[type]! / 100_000).toBeCloseTo(weight / 8, 1.5);
  });

  it('needs a weight for each type', () => {
    expect(() => share.create({ weights: [1, 2] }, { types: 3 })).toThrow(
      'share needs one weight for each optimizer type: 3, got 2',
    );
  });
});
