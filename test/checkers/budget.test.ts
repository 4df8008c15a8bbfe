import { describe, expect, it } from 'vitest';
import { budgetOf, type CheckerTree, isTimed, secondsLeftOf } from '../../src/checkers/budget.ts';
import { maxEvaluations } from '../../src/checkers/max-evaluations.ts';
import { maxSeconds } from '../../src/checkers/max-seconds.ts';
import { targetValue } from '../../src/checkers/target-value.ts';
import { all, any, examine, leaf, not } from '../../src/conditions/condition.ts';
import { factsOf, setup } from './support.ts';

const evaluations = (n: number): CheckerTree => leaf(maxEvaluations.create({ evaluations: n }, setup));
const target: CheckerTree = leaf(targetValue.create({ target: 0, tolerance: 0, of: 'fx' }, setup));
const seconds: CheckerTree = leaf(maxSeconds.create({ seconds: 5, of: 'session' }, setup));

describe('the budget of a tree', () => {
  it('is the least of an any and the greatest of an all', () => {
    expect(budgetOf(evaluations(50))).toBe(50);
    expect(budgetOf(any(evaluations(50), target, evaluations(20)))).toBe(20);
    expect(budgetOf(all(evaluations(50), evaluations(20)))).toBe(50);
    // The run goes on until both hold.
    expect(budgetOf(all(evaluations(50), target))).toBe(Infinity);
    expect(budgetOf(any(all(evaluations(50), target), evaluations(70)))).toBe(70);
  });

  it('is not bounded by what must not hold', () => {
    expect(budgetOf(target)).toBe(Infinity);
    expect(budgetOf(not(evaluations(50)))).toBe(Infinity);
    expect(budgetOf(any(not(evaluations(50)), evaluations(70)))).toBe(70);
    expect(budgetOf(not(all(evaluations(50), target)))).toBe(Infinity);
  });

  it('sees through two negations', () => {
    expect(budgetOf(not(not(evaluations(50))))).toBe(50);
    // Neither has yet to hold: an all of both.
    expect(budgetOf(not(any(not(evaluations(50)), not(evaluations(20)))))).toBe(50);
    expect(budgetOf(not(all(not(evaluations(50)), not(evaluations(20)))))).toBe(20);
  });

  it.each([
    { tree: all(), budget: 0 },
    { tree: any(), budget: Infinity },
    { tree: not(any()), budget: 0 },
    { tree: not(all()), budget: Infinity },
    { tree: any(all(), evaluations(50)), budget: 0 },
  ])('fits what a tree without children says: $budget', ({ tree, budget }) => {
    expect(budgetOf(tree as CheckerTree)).toBe(budget);
    expect(examine(tree as CheckerTree, factsOf({ evaluations: 0 })).holds).toBe(budget === 0);
  });
});

it('knows whether time alone can make a tree hold', () => {
  expect(isTimed(any(evaluations(50), not(seconds)))).toBe(true);
  expect(isTimed(any(evaluations(50), target))).toBe(false);
});

const left = (tree: CheckerTree): number => secondsLeftOf(tree, { session: 2, overall: 60 });

describe('the seconds that are left to a tree', () => {
  const overall = leaf(maxSeconds.create({ seconds: 100, of: 'overall' }, setup));

  it('are those of its time limits, of the session or of all together', () => {
    expect(left(seconds)).toBe(3);
    expect(left(overall)).toBe(40);
    expect(left(any(seconds, overall, evaluations(5)))).toBe(3);
    expect(left(all(seconds, overall))).toBe(40);
    expect(secondsLeftOf(seconds, { session: 9, overall: 9 })).toBe(0);
  });

  it('are not known where time alone does not end the run', () => {
    expect(left(target)).toBe(Infinity);
    expect(left(all(seconds, target))).toBe(Infinity);
    expect(left(not(seconds))).toBe(Infinity);
  });
});
