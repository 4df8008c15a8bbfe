import { type ConditionTree, examine, explain } from '../conditions/condition.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { HuntContext, Hunter } from '../hunters/contract.ts';
import { hunters } from '../hunters/registry.ts';
import type { Chronicle } from './chronicle.ts';
import { buildTree, leavesOf } from './condition-trees.ts';
import type { RunRecord } from './record.ts';
import type { Roster } from './roster.ts';

interface Kill {
  readonly optimizerId: number;
  readonly explanation: string;
}

/**
 * Decides at every multiple of `huntFrequency` who is killed, and to whom the best point is shown. It looks at the history up to
 * that call and nothing later, so the same log gives the same decisions.
 */
export class Hunt {
  readonly #tree: ConditionTree<HuntContext> | undefined;
  readonly #frequency: number;
  readonly #mayKillBest: boolean;
  readonly #isSharing: boolean;
  readonly #how: 'drain' | 'cancel';
  #sharedCall = 0;

  constructor({ hunters: use, manager }: RunConfig) {
    this.#tree = use ? buildTree(use, hunters, manager.seed, 'hunters') : undefined;
    this.#frequency = manager.huntFrequency;
    this.#mayKillBest = manager.huntBest;
    this.#isSharing = manager.shareBest;
    this.#how = manager.aggressiveKill ? 'cancel' : 'drain';
  }

  /** How many evaluations back its hunters look. */
  get window(): number {
    if (!this.#tree) return 0;
    return Math.max(0, ...leavesOf(this.#tree).map((hunter) => (hunter as Hunter).window));
  }

  isDue(callId: number): boolean {
    return callId % this.#frequency === 0;
  }

  /** Hunts with the record as it is after `callId`, and puts into effect what comes of it. */
  at(callId: number, now: number, roster: Roster, record: RunRecord, chronicle: Chronicle): void {
    const examined = roster.working().map(({ id }) => id);
    const kills = this.#choose(callId, examined, record);
    const killed = kills.map(({ optimizerId }) => optimizerId);
    if (this.#tree && examined.length > 0)
      chronicle.tell({
        kind: 'decision',
        type: 'hunt',
        callId,
        message: killed.length === 0 ? 'nobody' : `killed ${killed.join(', ')}`,
        data: { examined: examined.length, killed },
      });
    for (const { optimizerId, explanation } of kills) {
      const message = `optimizer ${optimizerId} killed by ${record.incumbent?.optimizerId}: ${explanation}`;
      chronicle.tell({ kind: 'decision', type: 'kill', callId, optimizerId, message, data: { explanation } });
      roster.get(optimizerId)?.finish(this.#how, { status: 'killed', reason: explanation }, now);
    }
    if (this.#isSharing) this.#share(callId, roster, record, chronicle);
  }

  #choose(callId: number, examined: readonly number[], record: RunRecord): readonly Kill[] {
    const { incumbent, spread } = record;
    if (!this.#tree || !incumbent) return [];
    const holder = record.of(incumbent.optimizerId).history;
    const kills: Kill[] = [];
    for (const optimizerId of examined) {
      if (optimizerId === holder.id && !this.#mayKillBest) continue;
      const victim = record.of(optimizerId).history;
      const verdict = examine(this.#tree, { callId, victim, holder, spread });
      if (verdict.holds) kills.push({ optimizerId, explanation: explain(verdict) });
    }
    return kills;
  }

  #share(callId: number, roster: Roster, { incumbent }: RunRecord, chronicle: Chronicle): void {
    if (!incumbent || incumbent.violation > 0 || incumbent.callId === this.#sharedCall) return;
    this.#sharedCall = incumbent.callId;
    const others = roster.working().filter(({ id }) => id !== incumbent.optimizerId);
    if (others.length === 0) return;
    const to = others.map(({ id }) => id);
    chronicle.tell({
      kind: 'decision',
      type: 'share',
      callId,
      message: `call ${incumbent.callId} to ${to.join(', ')}`,
      data: { callId: incumbent.callId, to },
    });
    for (const optimizer of others) optimizer.inject(incumbent);
  }
}
