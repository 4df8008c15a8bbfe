import type { ConditionTree } from '../conditions/condition.ts';
import type { Checker, RunFacts } from './contract.ts';

/** A tree whose leaves are checkers. */
export type CheckerTree = ConditionTree<RunFacts>;

/**
 * How many evaluations there can be before `tree` must hold: the least of an `any`, the greatest of an `all`; `Infinity` where
 * evaluations alone do not end the run.
 */
export function budgetOf(tree: CheckerTree): number {
  switch (tree.kind) {
    case 'leaf':
      return (tree.condition as Checker).budget ?? Infinity;
    case 'not':
      return Infinity;
    case 'any':
      return Math.min(Infinity, ...tree.children.map(budgetOf));
    default:
      return Math.max(...tree.children.map(budgetOf));
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
