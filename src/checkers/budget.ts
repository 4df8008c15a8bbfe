import type { ConditionTree } from '../conditions/condition.ts';
import type { Checker, RunFacts } from './contract.ts';

/** A tree whose leaves are checkers. */
export type CheckerTree = ConditionTree<RunFacts>;

/**
 * How many evaluations there can be before `tree` must hold: the least of an `any`, the greatest of an `all`; `Infinity` where
 * evaluations alone do not end the run. An `all` of nothing holds at once, an `any` of nothing never.
 */
export function budgetOf(tree: CheckerTree): number {
  return bound(tree, ({ budget }) => budget, false);
}

/**
 * How many seconds there can be before `tree` must hold, counted and combined in the same way.
 *
 * @param spent by this session, and by all together
 */
export function secondsLeftOf(
  tree: CheckerTree,
  spent: { readonly session: number; readonly overall: number },
): number {
  return bound(tree, ({ seconds }) => seconds && Math.max(0, seconds.limit - spent[seconds.of]), false);
}

/** @param isNegated under an odd number of `not`: there an `any` is an `all` of the opposites, and no leaf bounds anything */
function bound(tree: CheckerTree, of: (checker: Checker) => number | undefined, isNegated: boolean): number {
  switch (tree.kind) {
    case 'leaf':
      return isNegated ? Infinity : (of(tree.condition) ?? Infinity);
    case 'not':
      return bound(tree.child, of, !isNegated);
    default: {
      const bounds = tree.children.map((child) => bound(child, of, isNegated));
      return (tree.kind === 'any') === isNegated ? Math.max(0, ...bounds) : Math.min(...bounds);
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
