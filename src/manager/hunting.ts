import { type ConditionTree, examine, explain } from '../conditions/condition.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { HuntContext, Hunter } from '../hunters/contract.ts';
import { hunters } from '../hunters/registry.ts';
import type { Chronicle } from './chronicle.ts';
import { buildTree, leavesOf } from '../config/condition-trees.ts';
import { hasMultiple } from './decisions.ts';
import type { Distance } from './geometry.ts';
import type { Window } from './history.ts';
import type { RunRecord } from './record.ts';
import type { Roster } from './roster.ts';

interface Judgement {
  readonly optimizerId: number;
  readonly isKill: boolean;
  readonly explanation: string;
}

/** Of so many it is logged why they were spared: where hundreds are alive, a log of explanations would be larger than that of evaluations. */
const MOST_SPARED = 32;

/**
 * Decides at every multiple of `huntFrequency` who is killed. It looks at the history up to that call and nothing later, so the same
 * log gives the same decisions.
 */
export class Hunt {
  readonly #tree: ConditionTree<HuntContext> | undefined;
  readonly #frequency: number;
  readonly #mayKillBest: boolean;
  readonly #how: 'drain' | 'cancel';
  readonly #distance: Distance;

  constructor({ hunters: use, manager }: RunConfig, distance: Distance) {
    this.#tree = use ? buildTree(use, hunters, manager.seed, 'hunters') : undefined;
    this.#frequency = manager.huntFrequency;
    this.#mayKillBest = manager.huntBest;
    this.#how = manager.aggressiveKill ? 'cancel' : 'drain';
    this.#distance = distance;
  }

  /** How far back its hunters look. */
  get window(): Window {
    const leaves = this.#tree ? (leavesOf(this.#tree) as readonly Hunter[]) : [];
    return {
      values: Math.max(0, ...leaves.map(({ window = 0 }) => window)),
      points: Math.max(0, ...leaves.map(({ pointWindow = 0 }) => pointWindow)),
      columns: leaves.flatMap(({ columns = [] }) => columns),
    };
  }

  /** Whether a hunt is due that was not after call `from`, and is after call `to`. */
  isDue(from: number, to: number): boolean {
    return this.#tree !== undefined && hasMultiple(this.#frequency, from, to);
  }

  /** Hunts with the record as it is after `callId`, and puts into effect what comes of it. */
  at(callId: number, now: number, roster: Roster, record: RunRecord, chronicle: Chronicle): void {
    const examined = roster.working().map(({ id }) => id);
    if (examined.length === 0) return;
    const judgements = this.#judge(callId, examined, record);
    const kills = judgements.filter(({ isKill }) => isKill);
    const spared = judgements
      .filter(({ isKill }) => !isKill)
      .map(({ optimizerId, explanation }) => ({ optimizer: optimizerId, explanation }));
    const killed = kills.map(({ optimizerId }) => optimizerId);
    chronicle.tell({
      kind: 'decision',
      type: 'hunt',
      callId,
      message: killed.length === 0 ? 'nobody' : `killed ${killed.join(', ')}`,
      data: { examined: examined.length, killed, spared },
    });
    for (const { optimizerId, explanation } of kills) {
      const message = `optimizer ${optimizerId} killed by ${record.incumbent?.optimizerId}: ${explanation}`;
      chronicle.tell({ kind: 'decision', type: 'kill', callId, optimizerId, message, data: { explanation } });
      roster.get(optimizerId)?.finish(this.#how, { status: 'killed', reason: explanation }, now);
    }
  }

  #judge(callId: number, examined: readonly number[], record: RunRecord): readonly Judgement[] {
    const { incumbent } = record;
    if (!this.#tree || !incumbent) return [];
    const holder = record.of(incumbent.optimizerId).history;
    const judgements: Judgement[] = [];
    let spared = 0;
    const candidates = examined.filter((id) => id !== holder.id || this.#mayKillBest);
    for (const optimizerId of candidates) {
      const verdict = examine(this.#tree, {
        callId,
        candidates,
        victim: record.of(optimizerId).history,
        holder,
        // It takes sorting a thousand values, and few ask for it.
        get spread() {
          return record.spread;
        },
        spreadOf: (column) => record.column(column).spread,
        distance: this.#distance,
      });
      const isKill = verdict.holds === true;
      if (isKill || spared++ < MOST_SPARED)
        judgements.push({ optimizerId, isKill, explanation: explain(verdict) });
    }
    return judgements;
  }
}
