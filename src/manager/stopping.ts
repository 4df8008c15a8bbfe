import { budgetOf, type CheckerTree, isTimed } from '../checkers/budget.ts';
import { checkers } from '../checkers/registry.ts';
import { examine, explain } from '../conditions/condition.ts';
import type { RunConfig } from '../config/run-config.ts';
import { buildTree } from './condition-trees.ts';
import type { Incumbent } from './record.ts';

/** Decides when the run ends. */
export class Stopping {
  readonly #tree: CheckerTree;
  /** How many evaluations there may be at the most. */
  readonly budget: number;
  /** True when time alone may end the run. */
  readonly isTimed: boolean;

  constructor({ stop, manager }: RunConfig) {
    this.#tree = buildTree(stop, checkers, manager.seed, 'stop');
    this.budget = budgetOf(this.#tree);
    this.isTimed = isTimed(this.#tree);
  }

  /** @returns why the run is to end now, if it is */
  reason(evaluations: number, incumbent: Incumbent | undefined, seconds: number): string | undefined {
    const best = incumbent && incumbent.violation === 0 ? incumbent.fx : NaN;
    const facts = { evaluations, best, sessionSeconds: seconds, overallSeconds: seconds };
    const verdict = examine(this.#tree, facts);
    return verdict.holds ? explain(verdict) : undefined;
  }
}
