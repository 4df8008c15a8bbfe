import { type ConditionTree, examine, explain } from '../conditions/condition.ts';
import type { HuntContext, Hunter } from '../hunters/contract.ts';
import { leavesOf } from './condition-trees.ts';
import type { RunRecord } from './record.ts';

/** One victim of a hunt, and why. */
export interface Kill {
  readonly optimizerId: number;
  readonly explanation: string;
}

/** Decides who is killed. It looks at committed history only, so the same log gives the same kills. */
export class Hunt {
  readonly #tree: ConditionTree<HuntContext> | undefined;
  readonly #mayKillBest: boolean;

  constructor(tree: ConditionTree<HuntContext> | undefined, mayKillBest: boolean) {
    this.#tree = tree;
    this.#mayKillBest = mayKillBest;
  }

  /** How many evaluations back its hunters look. */
  get window(): number {
    if (!this.#tree) return 0;
    return Math.max(0, ...leavesOf(this.#tree).map((hunter) => (hunter as Hunter).window));
  }

  /** @param candidates ids of the optimizers that may be victims, ascending */
  at(callId: number, candidates: readonly number[], record: RunRecord): readonly Kill[] {
    const { incumbent } = record;
    if (!this.#tree || !incumbent) return [];
    const { spread } = record;
    const holder = record.of(incumbent.optimizerId).history;
    const kills: Kill[] = [];
    for (const optimizerId of candidates) {
      if (optimizerId === holder.id && !this.#mayKillBest) continue;
      const victim = record.of(optimizerId).history;
      const verdict = examine(this.#tree, { callId, victim, holder, spread });
      if (verdict.holds) kills.push({ optimizerId, explanation: explain(verdict) });
    }
    return kills;
  }
}
