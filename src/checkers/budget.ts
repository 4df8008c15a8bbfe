import type { ConditionTree } from '../conditions/condition.ts';
import type { Checker, RunFacts } from './contract.ts';

/** A tree whose leaves are checkers. */
export type CheckerTree = ConditionTree<RunFacts>;

/**
 * How many evaluations there can be before `tree` must hold: the least of an `any`, the greatest of an `all`; `Infinity` where
 * evaluations alone do not end the run. An `all` of nothing holds at once, an `any` of nothing never.
 */
export function budgetOf(tree: CheckerTree): number {
  return budget(tree, false);
}

/** @param isNegated under an odd number of `not`: there an `any` is an `all` of the opposites, and no leaf bounds anything */
function budget(tree: CheckerTree, isNegated: boolean): number {
  switch (tree.kind) {
    case 'leaf':
      return isNegated ? Infinity : ((tree.condition as Checker).budget ?? Infinity);
    case 'not':
      return budget(tree.child, !isNegated);
    default: {
      const budgets = tree.children.map((child) => budget(child, isNegated));
      return (tree.kind === 'any') === isNegated ? Math.max(0, ...budgets) : Math.min(...budgets);
    }
  }
}

/** True when time alone may make `tree` hold. */
export function isTimed(tree: CheckerTree): boolean {
  switch (tree.kind) {
    case 'leaf':
      return (tree.condition as Checker).timed ?? false;
    case 'not':
      return isTimed(tree.child);
    default:
      return tree.children.some(isTimed);
  }
}
