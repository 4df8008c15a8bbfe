import type { RunConfig, Topology } from '../config/run-config.ts';
import { compareRanked } from '../core/ranking.ts';
import { drawAt } from '../core/random.ts';
import type { Chronicle } from './chronicle.ts';
import { type Deliver, hasMultiple } from './decisions.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import type { Incumbent, RunRecord } from './record.ts';
import type { Roster } from './roster.ts';

/** One point on its way: the evaluation that has it, and who is shown it. */
interface Passage {
  readonly point: Incumbent;
  readonly to: readonly LiveOptimizer[];
}

interface Settings {
  readonly topology: Topology;
  readonly every: number;
  readonly chance: number;
  readonly accept: 'better' | 'any';
}

/**
 * All migrations of a run: `shareBest` is one of its own.
 *
 * @param shown for each optimizer, the latest call that it was shown
 */
export function migrationsOf({ manager }: RunConfig, shown: Map<number, number>): readonly Migration[] {
  const { seed, shareBest, huntFrequency, migration } = manager;
  const all: Settings[] = [];
  if (shareBest) all.push({ topology: 'broadcast-best', every: huntFrequency, chance: 1, accept: 'better' });
  if (migration !== 'none')
    all.push({
      topology: migration,
      every: manager.migrationFrequency ?? huntFrequency,
      chance: manager.migrationChance,
      accept: manager.migrationAccept,
    });
  // Hosts take the points that they are shown in the order of their calls, whoever shows them.
  return all.map((settings) => new Migration(seed, settings, shown));
}

/**
 * Shows optimizers the best points of others, at multiples of `every` calls. What the receiver does with a point is its own business: the
 * contract's `inject` is optional, and what was injected is in its journal.
 */
export class Migration {
  readonly #settings: Settings;
  readonly #seed: number;
  /** For each optimizer, the latest call that it was shown. */
  readonly #shown: Map<number, number>;

  constructor(seed: number, settings: Settings, shown: Map<number, number>) {
    this.#shown = shown;
    this.#seed = seed;
    this.#settings = settings;
  }

  /** Whether one is due that was not after call `from`, and is after call `to`. */
  isDue(from: number, to: number): boolean {
    return hasMultiple(this.#settings.every, from, to);
  }

  at(callId: number, roster: Roster, record: RunRecord, chronicle: Chronicle, deliver: Deliver): void {
    const working = roster.working();
    for (const { point, to } of this.#passages(callId, working, record)) {
      if (to.length === 0) continue;
      const ids = to.map(({ id }) => id);
      chronicle.tell({
        kind: 'decision',
        type: 'inject',
        callId,
        message: `call ${point.callId} of optimizer ${point.optimizerId} to ${ids.join(', ')}`,
        data: { callId: point.callId, from: point.optimizerId, to: ids },
      });
      for (const optimizer of to) {
        this.#shown.set(optimizer.id, Math.max(point.callId, this.#shown.get(optimizer.id) ?? 0));
        deliver(optimizer, point);
      }
    }
    this.#forget(working);
  }

  #passages(callId: number, working: readonly LiveOptimizer[], record: RunRecord): readonly Passage[] {
    const takers = (point: Incumbent | undefined, to: readonly LiveOptimizer[]): Passage[] =>
      point && point.violation === 0
        ? [{ point, to: to.filter(({ id }) => this.#takes(callId, id, point, record)) }]
        : [];
    const bestOf = ({ id }: LiveOptimizer): Incumbent | undefined => record.of(id).best;
    switch (this.#settings.topology) {
      case 'none':
        return [];
      case 'broadcast-best':
        return takers(record.incumbent, working);
      case 'ring':
        return working.flatMap((optimizer, i) =>
          takers(bestOf(optimizer), [working[(i + 1) % working.length]!]),
        );
      case 'fully-connected': {
        // By call, since each host takes injections in the order of their calls.
        const senders = working.filter((optimizer) => bestOf(optimizer) !== undefined);
        return senders
          .toSorted((a, b) => bestOf(a)!.callId - bestOf(b)!.callId)
          .flatMap((optimizer) => takers(bestOf(optimizer), working));
      }
    }
  }

  /** Nobody is shown a point of his own, one that he was shown, one older than that, or, unless he is to have any, one no better than his best. */
  #takes(callId: number, id: number, point: Incumbent, record: RunRecord): boolean {
    const { accept, chance } = this.#settings;
    if (point.optimizerId === id || point.callId <= (this.#shown.get(id) ?? 0)) return false;
    const { best } = record.of(id);
    if (accept === 'better' && best && compareRanked(point, best) >= 0) return false;
    return chance >= 1 || drawAt(this.#seed, `migration/${point.optimizerId}`, callId, id) < chance;
  }

  #forget(working: readonly LiveOptimizer[]): void {
    const ids = new Set(working.map(({ id }) => id));
    for (const id of this.#shown.keys()) if (!ids.has(id)) this.#shown.delete(id);
  }
}
