import type { ClusterWorker } from './contract.ts';
import type { JoinRequest } from './talk.ts';

/** One that was not heard of for so long is lost: it missed three beats. */
const LOST_MS = 5000;
/** What was lost may come back; who was, is forgotten after a while. */
const FORGET_MS = 600_000;

interface Entry {
  worker: ClusterWorker;
  isLost: boolean;
  /** From when on it should have been heard of: later than when it was, if the manager could not hear. */
  quietSince: number;
  heardAt: number;
}

/** Who is there. Times are those of the clock's `elapsed`, but for those that are shown. */
export class Roster {
  readonly #entries = new Map<string, Entry>();

  get workers(): readonly ClusterWorker[] {
    return [...this.#entries.values()].filter(({ isLost }) => !isLost).map(({ worker }) => worker);
  }

  get slots(): number {
    let slots = 0;
    for (const { worker, isLost } of this.#entries.values()) if (!isLost) slots += worker.slots;
    return slots;
  }

  /** One is let in. @returns the worker when it was not there before */
  admit({ id, host, pid, slots }: JoinRequest, now: number, epochMs: number): ClusterWorker | undefined {
    const entry = this.#entries.get(id);
    const known = entry?.worker;
    const worker: ClusterWorker = {
      id,
      host,
      pid,
      slots,
      jobs: known?.jobs ?? 0,
      units: known?.units ?? 0,
      joinedAt: known?.joinedAt ?? epochMs,
      seenAt: epochMs,
    };
    this.#entries.set(id, { worker, isLost: false, quietSince: now, heardAt: now });
    return entry && !entry.isLost ? undefined : worker;
  }

  /** One was heard of. @returns whether it is one of those that are there */
  heard(id: string, now: number, epochMs: number): boolean {
    const entry = this.#entries.get(id);
    if (!entry || entry.isLost) return false;
    entry.worker = { ...entry.worker, seenAt: epochMs };
    entry.quietSince = now;
    entry.heardAt = now;
    return true;
  }

  /** A job of it came back. */
  credit(id: string, units: number): void {
    const entry = this.#entries.get(id);
    if (entry)
      entry.worker = { ...entry.worker, jobs: entry.worker.jobs + 1, units: entry.worker.units + units };
  }

  /** One goes. @returns it, if it was there */
  dismiss(id: string): ClusterWorker | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry?.isLost === false ? entry.worker : undefined;
  }

  /** The manager could not hear anybody until now. */
  excuseAll(now: number): void {
    for (const entry of this.#entries.values()) entry.quietSince = now;
  }

  /** Whether all that are there were heard of after a moment. */
  allHeardSince(moment: number): boolean {
    return [...this.#entries.values()].every(({ isLost, heardAt }) => isLost || heardAt > moment);
  }

  /** @returns who is lost by now and was not before */
  sweep(now: number): readonly ClusterWorker[] {
    const lost: ClusterWorker[] = [];
    for (const [id, entry] of this.#entries) {
      const quiet = now - entry.quietSince;
      if (entry.isLost && quiet > FORGET_MS) this.#entries.delete(id);
      if (entry.isLost || quiet <= LOST_MS) continue;
      entry.isLost = true;
      lost.push(entry.worker);
    }
    return lost;
  }
}
