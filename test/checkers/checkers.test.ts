import { describe, expect, it } from 'vitest';
import { budgetOf, type CheckerTree, isTimed } from '../../src/checkers/budget.ts';
import type { RunFacts } from '../../src/checkers/contract.ts';
import { maxEvaluations } from '../../src/checkers/max-evaluations.ts';
import { maxSeconds } from '../../src/checkers/max-seconds.ts';
import { targetValue } from '../../src/checkers/target-value.ts';
import { all, any, leaf, not } from '../../src/conditions/condition.ts';

const setup = { path: 'stop', draw: (): number => 0.5 };
const facts: RunFacts = { evaluations: 100, best: 1.5, sessionSeconds: 10, overallSeconds: 70 };

describe('max-evaluations', () => {
  it('holds from the evaluation on that it names', () => {
    expect(maxEvaluations.create({ evaluations: 101 }, setup).examine(facts)).toEqual({
      holds: false,
      detail: '100 < 101',
    });
    expect(maxEvaluations.create({ evaluations: 100 }, setup).examine(facts)).toEqual({
      holds: true,
      detail: '100 >= 100',
    });
  });
});

describe('max-seconds', () => {
  it('counts this session, or all of them', () => {
    expect(maxSeconds.create({ seconds: 11, of: 'session' }, setup).examine(facts).holds).toBe(false);
    expect(maxSeconds.create({ seconds: 11, of: 'overall' }, setup).examine(facts)).toEqual({
      holds: true,
      detail: '70 s >= 11 s',
    });
  });
});

describe('target-value', () => {
  it('holds at the target, and within the tolerance above it', () => {
    expect(targetValue.create({ target: 1.5, tolerance: 0 }, setup).examine(facts).holds).toBe(true);
    expect(targetValue.create({ target: 1.4, tolerance: 0.05 }, setup).examine(facts).holds).toBe(false);
    expect(targetValue.create({ target: 1.4, tolerance: 0.2 }, setup).examine(facts)).toEqual({
      holds: true,
      detail: 'best 1.5 <= 1.4 + 0.2',
    });
  });

  it('does not hold before there is a feasible value', () => {
    expect(
      targetValue.create({ target: 1e9, tolerance: 0 }, setup).examine({ ...facts, best: NaN }).holds,
    ).toBe(false);
  });
});

describe('the budget of a tree', () => {
  const evaluations = (n: number): CheckerTree => leaf(maxEvaluations.create({ evaluations: n }, setup));
  const target: CheckerTree = leaf(targetValue.create({ target: 0, tolerance: 0 }, setup));
  const seconds: CheckerTree = leaf(maxSeconds.create({ seconds: 5, of: 'session' }, setup));

  it('is the least of an any and the greatest of an all', () => {
    expect(budgetOf(any(evaluations(50), target, evaluations(20)))).toBe(20);
    expect(budgetOf(all(evaluations(50), evaluations(20)))).toBe(50);
    // The run goes on until both hold.
    expect(budgetOf(all(evaluations(50), target))).toBe(Infinity);
    expect(budgetOf(not(evaluations(50)))).toBe(Infinity);
    expect(budgetOf(any(all(evaluations(50), target), evaluations(70)))).toBe(70);
  });

  it('knows whether time alone can make it hold', () => {
    expect(isTimed(any(evaluations(50), not(seconds)))).toBe(true);
    expect(isTimed(any(evaluations(50), target))).toBe(false);
  });
});
