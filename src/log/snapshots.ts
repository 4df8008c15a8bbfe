import type { Database, Statement } from 'better-sqlite3';

interface Snapshot {
  readonly optimizerId: number;
  readonly batchId: number;
  readonly callId: number;
  readonly isPinned: boolean;
  readonly data: Uint8Array;
}

/**
 * Snapshots that nobody needs: of each optimizer the latest one is kept, those from which a checkpoint is nearest, and those before
 * which no replay can go.
 */
const NEEDLESS = `SELECT snapshot_id FROM (
    SELECT snapshot_id, pinned, call_id, lead(call_id) OVER (PARTITION BY optimizer_id ORDER BY batch_id) AS next FROM snapshots
  ) s WHERE next IS NOT NULL AND pinned = 0
    AND NOT EXISTS (SELECT 1 FROM checkpoints c WHERE c.call_id >= s.call_id AND c.call_id < s.next)`;

/** The optimizers' snapshots in a log that is written. */
export class Snapshots {
  readonly #insert: Statement;
  readonly #replace: Statement;
  readonly #forget: Statement;
  readonly #prune: Statement;

  constructor(db: Database) {
    this.#insert = db.prepare(
      'INSERT INTO snapshots (optimizer_id, batch_id, call_id, pinned, data) VALUES (?, ?, ?, ?, ?)',
    );
    // The one before the new one: all others were judged before.
    this.#replace = db.prepare(
      `DELETE FROM snapshots WHERE pinned = 0 AND snapshot_id =
         (SELECT snapshot_id FROM snapshots WHERE optimizer_id = $optimizerId ORDER BY batch_id DESC LIMIT 1)
         AND NOT EXISTS (SELECT 1 FROM checkpoints c WHERE c.call_id >= snapshots.call_id AND c.call_id < $callId)`,
    );
    this.#forget = db.prepare(
      `DELETE FROM snapshots WHERE pinned = 0 AND optimizer_id = ?
         AND NOT EXISTS (SELECT 1 FROM checkpoints c WHERE c.call_id >= snapshots.call_id)`,
    );
    this.#prune = db.prepare(`DELETE FROM snapshots WHERE snapshot_id IN (${NEEDLESS})`);
  }

  add({ optimizerId, batchId, callId, isPinned, data }: Snapshot): void {
    this.#replace.run({ optimizerId, callId });
    this.#insert.run(optimizerId, batchId, callId, isPinned ? 1 : 0, data);
  }

  /** An optimizer has ended for good. */
  forget(optimizerId: number): void {
    this.#forget.run(optimizerId);
  }

  /** Checkpoints were removed. */
  prune(): void {
    this.#prune.run();
  }
}
