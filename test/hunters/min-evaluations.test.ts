import { describe, expect, it } from 'vitest';
import { all, examine, leaf } from '../../src/conditions/condition.ts';
import { bestUnmoving } from '../../src/hunters/best-unmoving.ts';
import { minEvaluations } from '../../src/hunters/min-evaluations.ts';
import { huntOf, setup } from './support.ts';

describe('min-evaluations', () => {
  const hunter = minEvaluations.create({ calls: 3 }, setup);

  it('counts all evaluations, failed ones included', () => {
    expect(hunter.examine(huntOf([], [0])).holds).toBe(false);
    expect(hunter.examine(huntOf([5, null], [0]))).toEqual({ holds: false, detail: '2 < 3' });
    expect(hunter.examine(huntOf([5, null, 5], [0]))).toEqual({ holds: true, detail: '3 >= 3' });
    expect(hunter.examine(huntOf([null, null, null, null], [0])).holds).toBe(true);
  });

  it('protects the young within all', () => {
    const unmoving = bestUnmoving.create({ calls: 1, tolerance: 0, of: 'fx' }, setup);
    const tree = all(leaf(hunter), leaf(unmoving));
    expect(examine(leaf(unmoving), huntOf([5, 5], [0])).holds).toBe(true);
    expect(examine(tree, huntOf([5, 5], [0])).holds).toBe(false);
    expect(examine(tree, huntOf([5, 5, 5], [0])).holds).toBe(true);
  });
});
