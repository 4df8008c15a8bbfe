import type { FollowedEvent, FollowedOptimizer, FollowedRow } from '../../log/follower.ts';
import type { OptimizerStatus } from '../../log/contract.ts';
import type { ActiveTime } from './active-time.ts';
import type { OptimizerCard, RunCard } from './frame.ts';

interface Member {
  readonly id: number;
  readonly type: string;
  readonly workers: number;
  readonly startedAt: number;
  readonly startedAfterCall: number;
  status: OptimizerStatus;
  ended: { readonly call: number; readonly at: number } | undefined;
  evaluations: number;
  failed: number;
  best: number | null;
  bestCall: number | null;
  current: number | null;
  /** The revision in which it changed last. */
  changed: number;
}

/** The optimizers of a run, as far as it has been told. */
export class Cast {
  readonly #members = new Map<number, Member>();

  /** One that ends is told of by an event, when its evaluations have been. */
  add(
    { optimizerId, type, workers, startedAt, startedAfterCall }: FollowedOptimizer,
    revision: number,
  ): void {
    if (this.#members.has(optimizerId)) return;
    this.#members.set(optimizerId, {
      id: optimizerId,
      type,
      workers,
      startedAt,
      startedAfterCall,
      status: 'running',
      ended: undefined,
      evaluations: 0,
      failed: 0,
      best: null,
      bestCall: null,
      current: null,
      changed: revision,
    });
  }

  evaluated([callId, optimizerId, fx]: FollowedRow, revision: number): void {
    const member = this.#members.get(optimizerId);
    if (!member) return;
    member.evaluations++;
    member.changed = revision;
    if (fx === null) {
      member.failed++;
      return;
    }
    member.current = fx;
    if (member.best !== null && fx >= member.best) return;
    member.best = fx;
    member.bestCall = callId;
  }

  happened({ type, optimizerId, callId, at, data }: FollowedEvent, revision: number): void {
    if (type === 'optimizer-ended' && optimizerId !== null)
      this.#end(optimizerId, data['status'] as OptimizerStatus, callId, at, revision);
    if (type !== 'resumed') return;
    const revived = Array.isArray(data['revived']) ? data['revived'] : [];
    for (const member of this.#members.values()) {
      // All times after it are other ones.
      member.changed = revision;
      if (!revived.includes(member.id)) continue;
      member.status = 'running';
      member.ended = undefined;
    }
  }

  /** What the log says of the ends of which no event told: a log that was made of a table has none. */
  reconcile(logged: Iterable<FollowedOptimizer>, lastCall: number, revision: number): void {
    for (const { optimizerId, status, endedAt } of logged)
      if (status !== 'running' && this.#members.get(optimizerId)?.status === 'running')
        this.#end(optimizerId, status, lastCall, endedAt ?? 0, revision);
  }

  counts(): RunCard['counts'] {
    const counts = {
      started: this.#members.size,
      running: 0,
      killed: 0,
      converged: 0,
      stopped: 0,
      crashed: 0,
    };
    for (const { status } of this.#members.values()) counts[status]++;
    return counts;
  }

  since(revision: number, time: ActiveTime): readonly OptimizerCard[] {
    const changed = [...this.#members.values()].filter((member) => member.changed > revision);
    return changed.map((member) => ({
      id: member.id,
      type: member.type,
      workers: member.workers,
      status: member.status,
      evaluations: member.evaluations,
      failed: member.failed,
      best: member.best,
      bestCall: member.bestCall,
      current: member.current,
      started: { call: member.startedAfterCall, time: Math.round(time.of(member.startedAt)) },
      ended: member.ended ? { call: member.ended.call, time: Math.round(time.of(member.ended.at)) } : null,
    }));
  }

  #end(id: number, status: OptimizerStatus, call: number, at: number, revision: number): void {
    const member = this.#members.get(id);
    if (!member) return;
    member.status = status;
    member.ended = { call, at };
    member.changed = revision;
  }
}
