import path from 'node:path';
import Database from 'better-sqlite3';
import { CodedError } from '../core/errors.ts';
import type { LoggedEvent } from './contract.ts';
import { openDatabase } from './database.ts';
import { readEvents } from './history.ts';
import { LOG_FILE, placeOfLog } from './place.ts';
import { LogReader } from './reader.ts';

/** Shortens a journal to what was told of some candidates, see `optimizers/journal.ts`. */
export type CutJournal = (operations: Uint8Array, kept: ReadonlySet<number>) => Uint8Array;

/**
 * Copies a log, which may be live, as it is or as it was after one of its calls. The original stays as it is.
 *
 * @param source a run directory, or the file of a log
 * @param target a run directory without a log
 * @param at a checkpoint's name or the id of a call; the end when not given
 * @returns the last call of the copy
 * @throws {CodedError} `log-unusable`; `usage` when there is no such checkpoint or call
 */
export function forkLog(source: string, target: string, at: string | undefined, cut: CutJournal): number {
  using reader = new LogReader(source);
  const call = at === undefined ? reader.lastCall() : callAt(reader, at);
  const file = path.join(target, LOG_FILE);
  const original = new Database(placeOfLog(source).file, { readonly: true });
  try {
    original.prepare('VACUUM INTO ?').run(file);
  } finally {
    original.close();
  }
  const db = openDatabase(file, 'commit');
  try {
    if (at !== undefined)
      db.transaction(() => {
        cutAt(db, call, cut);
      })();
    return call;
  } finally {
    db.close();
  }
}

/**
 * @param at a checkpoint's name or the id of a call
 * @returns the id of the call
 * @throws {CodedError} `usage` when there is no such checkpoint or call, with what there is
 */
export function callAt(reader: LogReader, at: string): number {
  const last = reader.lastCall();
  const marks = reader.checkpoints();
  const mark = marks.find(({ name }) => name === at);
  if (mark) return mark.callId;
  const call = /^\d+$/.test(at) ? Number(at) : Number.NaN;
  if (call <= last) return call;
  const known =
    marks.length === 0
      ? 'it has no checkpoints'
      : `its checkpoints are ${marks.map(({ name }) => name).join(', ')}`;
  throw new CodedError(
    'usage',
    Number.isNaN(call)
      ? `there is no checkpoint ${at} in this log: ${known}`
      : `there is no call ${at} in this log: its last one is ${last}`,
  );
}

function cutAt(db: Database.Database, call: number, cut: CutJournal): void {
  cutBatches(db, call, cut);
  for (const table of ['evaluations', 'events', 'checkpoints'])
    db.prepare(`DELETE FROM ${table} WHERE call_id > ?`).run(call);
  db.prepare('DELETE FROM optimizers WHERE started_after_call > ?').run(call);
  db.exec('DELETE FROM arrivals; DELETE FROM arrived_batches;');
  settleOptimizers(db);
  settleFacts(db);
  // What it started with is cut off there too.
  db.prepare(
    "UPDATE run SET value = json_set(value, '$.rows', min(json_extract(value, '$.rows'), ?)) WHERE key = 'warmStart'",
  ).run(call);
  count(db);
}

/**
 * The batch in the middle of which the cut is loses what came after it; those after it go. Batches stand in the order of their calls, and
 * those without any belong to what came before them.
 */
function cutBatches(db: Database.Database, call: number, cut: CutJournal): void {
  const next = db
    .prepare<[number], { batch_id: number; first_call_id: number; operations: Buffer }>(
      `SELECT batch_id, first_call_id, operations FROM batches
       WHERE last_call_id > ? AND last_call_id >= first_call_id ORDER BY batch_id LIMIT 1`,
    )
    .get(call);
  if (!next) return;
  db.prepare('DELETE FROM snapshots WHERE batch_id >= ?').run(next.batch_id);
  const isSplit = next.first_call_id <= call;
  db.prepare('DELETE FROM batches WHERE batch_id >= ?').run(next.batch_id + (isSplit ? 1 : 0));
  if (!isSplit) return;
  const kept = db
    .prepare<[number, number], number>('SELECT candidate_id FROM evaluations WHERE call_id BETWEEN ? AND ?')
    .pluck()
    .all(next.first_call_id, call);
  db.prepare('UPDATE batches SET last_call_id = ?, operations = ? WHERE batch_id = ?').run(
    call,
    cut(next.operations, new Set(kept)),
    next.batch_id,
  );
}

/** Those whose end is cut off live, and so do those that had ended before with a run that was resumed. */
function settleOptimizers(db: Database.Database): void {
  const ends = new Map<number, LoggedEvent>();
  for (const event of readEvents(db))
    if (event.type === 'optimizer-ended' && event.optimizerId !== null) ends.set(event.optimizerId, event);
    else if (event.type === 'resumed') for (const id of event.data['revived'] as number[]) ends.delete(id);
  db.exec("UPDATE optimizers SET status = 'running', reason = NULL, ended_at = NULL WHERE optimizer_id > 0");
  const end = db.prepare('UPDATE optimizers SET status = ?, reason = ?, ended_at = ? WHERE optimizer_id = ?');
  for (const [id, { data, at }] of ends) end.run(data['status'], data['reason'], at, id);
}

/** Whether it was paused then, and what time it had taken at the most. */
function settleFacts(db: Database.Database): void {
  db.exec(`UPDATE run SET value = coalesce((SELECT CASE type WHEN 'pause' THEN 'true' ELSE 'false' END FROM events
      WHERE type IN ('pause', 'unpause') ORDER BY event_id DESC LIMIT 1), 'false') WHERE key = 'paused';
    UPDATE run SET value = min(CAST(value AS REAL), coalesce((SELECT max(started_at + duration_ms) FROM evaluations), 0) / 1000
        - (SELECT CAST(value AS REAL) FROM run WHERE key = 'startedAt') / 1000)
      WHERE key = 'overallSeconds' AND EXISTS (SELECT 1 FROM evaluations);
    UPDATE run SET value = '0' WHERE key = 'overallSeconds' AND NOT EXISTS (SELECT 1 FROM evaluations);`);
}

/** What counts evaluations, and each optimizer's best one, anew. */
function count(db: Database.Database): void {
  db.exec(`UPDATE run SET value = (SELECT count(*) FROM evaluations WHERE counted = 0) WHERE key = 'uncounted';
    UPDATE optimizers SET evaluations = 0, failed = 0, best_call_id = NULL, best_fx = NULL, best_violation = NULL;
    UPDATE optimizers SET evaluations = c.evaluations, failed = c.failed FROM
      (SELECT optimizer_id, count(*) AS evaluations, sum(fx IS NULL) AS failed FROM evaluations GROUP BY 1) c
      WHERE c.optimizer_id = optimizers.optimizer_id;
    UPDATE optimizers SET best_call_id = b.call_id, best_fx = b.fx, best_violation = b.violation FROM
      (SELECT optimizer_id, call_id, fx, coalesce(violation, 0) AS violation,
         row_number() OVER (PARTITION BY optimizer_id ORDER BY coalesce(violation, 0), fx, call_id) AS place
       FROM evaluations WHERE status = 'ok' AND fx IS NOT NULL) b
      WHERE b.place = 1 AND b.optimizer_id = optimizers.optimizer_id;`);
}
