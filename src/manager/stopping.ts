import { budgetOf, type CheckerTree, isTimed } from '../checkers/budget.ts';
import type { Checker, RunFacts } from '../checkers/contract.ts';
import { checkers } from '../checkers/registry.ts';
import { examine, explain } from '../conditions/condition.ts';
import { blame } from '../core/blame.ts';
import type { RunConfig } from '../config/run-config.ts';
import { buildTree, leavesOf } from './condition-trees.ts';
import type { RunRecord } from './record.ts';
import type { Roster } from './roster.ts';

/** Decides when the run ends. */
export class Stopping {
  readonly #tree: CheckerTree;
  readonly #observers: readonly Checker[];
  /** How many evaluations there may be at the most. */
  readonly budget: number;
  /** True when time alone may end the run. */
  readonly isTimed: boolean;
  /** The columns that its checkers look at. */
  readonly columns: readonly string[];

  constructor({ stop, manager }: RunConfig) {
    this.#tree = buildTree(stop, checkers, manager.seed, 'stop');
    this.budget = budgetOf(this.#tree);
    this.isTimed = isTimed(this.#tree);
    const leaves = leavesOf(this.#tree) as readonly Checker[];
    this.columns = leaves.flatMap(({ columns = [] }) => columns);
    this.#observers = leaves.filter((leaf) => 'observe' in leaf);
  }

  /** @returns why the run is to end now, if it is */
  reason(evaluations: number, record: RunRecord, roster: Roster, seconds: number): string | undefined {
    const { incumbent } = record;
    const { started, ended } = roster;
    const facts: RunFacts = {
      evaluations,
      best: incumbent && incumbent.violation === 0 ? incumbent.fx : NaN,
      get spread() {
        return record.spread;
      },
      sessionSeconds: seconds,
      overallSeconds: seconds,
      optimizers: { started, converged: ended.converged, killed: ended.killed },
      killedAfter: (converged) => roster.killedAfter(converged),
      column: (name) => record.column(name),
    };
    for (const checker of this.#observers)
      blame('checker', checker.name, 'observe', () => checker.observe?.(facts));
    const verdict = examine(this.#tree, facts);
    return verdict.holds ? explain(verdict) : undefined;
  }
}
