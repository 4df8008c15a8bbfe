import { budgetOf } from '../checkers/budget.ts';
import { checkers } from '../checkers/registry.ts';
import { buildTree } from './condition-trees.ts';
import type { Problems } from './problems.ts';
import type { ConditionUse, ManagerSettings } from './run-config.ts';

/** The evaluations of the best point at the end are part of the budget: something has to be left of it. */
export function refuseReserve(
  stop: ConditionUse,
  { reevaluateBest = 0, seed = 0 }: Partial<ManagerSettings>,
  problems: Problems,
): void {
  if (reevaluateBest === 0) return;
  const budget = budgetOf(buildTree(stop, checkers, seed, 'stop'));
  if (reevaluateBest >= budget)
    problems.add(
      ['manager', 'reevaluateBest'],
      `expected fewer than the ${budget} evaluations that stop allows, of which these are part, got ${reevaluateBest}`,
    );
}
