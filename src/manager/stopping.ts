import { budgetOf, type CheckerTree, isTimed, secondsLeftOf } from '../checkers/budget.ts';
import type { Checker, RunFacts } from '../checkers/contract.ts';
import { checkers } from '../checkers/registry.ts';
import { examine, explain } from '../conditions/condition.ts';
import { blame } from '../core/blame.ts';
import type { RunConfig } from '../config/run-config.ts';
import { buildTree, leavesOf } from '../config/condition-trees.ts';
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
  reason(evaluations: number, record: RunRecord, roster: Roster, seconds: SecondsSpent): string | undefined {
    const facts = factsOf(evaluations, record, roster, seconds);
    this.#show(facts);
    const verdict = examine(this.#tree, facts);
    return verdict.holds ? explain(verdict) : undefined;
  }

  /** Before time alone ends the run; `null` where it does not. */
  secondsLeft(spent: SecondsSpent): number | null {
    const seconds = this.isTimed ? secondsLeftOf(this.#tree, spent) : Infinity;
    return Number.isFinite(seconds) ? seconds : null;
  }

  /** Whether its checkers look back, so that they have to be shown how the run stood at each batch. */
  get isObserving(): boolean {
    return this.#observers.length > 0;
  }

  /** Shows checkers that look back how the run stood, at a moment when it went on. */
  observe(evaluations: number, record: RunRecord, roster: Roster): void {
    this.#show(factsOf(evaluations, record, roster, { session: 0, overall: 0 }));
  }

  #show(facts: RunFacts): void {
    for (const checker of this.#observers)
      blame('checker', checker.name, 'observe', () => checker.observe?.(facts));
  }
}

/** Without pauses. */
export interface SecondsSpent {
  /** By this process. */
  readonly session: number;
  readonly overall: number;
}

function factsOf(evaluations: number, record: RunRecord, roster: Roster, seconds: SecondsSpent): RunFacts {
  const { incumbent } = record;
  const { started, ended } = roster;
  return {
    evaluations,
    best: incumbent && incumbent.violation === 0 ? incumbent.fx : NaN,
    get spread() {
      return record.spread;
    },
    sessionSeconds: seconds.session,
    overallSeconds: seconds.overall,
    optimizers: { started, converged: ended.converged, killed: ended.killed },
    killedAfter: (converged) => roster.killedAfter(converged),
    column: (name) => record.column(name),
  };
}
