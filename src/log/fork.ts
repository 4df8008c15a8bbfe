import path from 'node:path';
import Database from 'better-sqlite3';
import { CodedError } from '../core/errors.ts';
import { openDatabase } from './database.ts';
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
  for (const table of ['evaluations', 'events', 'snapshots', 'checkpoints'])
    db.prepare(`DELETE FROM ${table} WHERE call_id > ?`).run(call);
  db.prepare('DELETE FROM optimizers WHERE started_after_call > ?').run(call);
  db.exec('DELETE FROM arrivals; DELETE FROM arrived_batches;');
  // Those whose end is cut off live.
  db.exec(`UPDATE optimizers SET status = 'running', reason = NULL, ended_at = NULL WHERE optimizer_id NOT IN
    (SELECT optimizer_id FROM events WHERE type = 'optimizer-ended') AND optimizer_id > 0`);
  // What it started with is cut off there too.
  db.prepare(
    "UPDATE run SET value = json_set(value, '$.rows', min(json_extract(value, '$.rows'), ?)) WHERE key = 'warmStart'",
  ).run(call);
  count(db);
}

/** The batch in the middle of which the cut is loses what came after it; those after it go. */
function cutBatches(db: Database.Database, call: number, cut: CutJournal): void {
  db.prepare('DELETE FROM batches WHERE first_call_id > ?').run(call);
  const split = db
    .prepare<[number], { batch_id: number; first_call_id: number; operations: Buffer }>(
      'SELECT batch_id, first_call_id, operations FROM batches WHERE last_call_id > ?',
    )
    .get(call);
  if (!split) return;
  const kept = db
    .prepare<[number, number], number>('SELECT candidate_id FROM evaluations WHERE call_id BETWEEN ? AND ?')
    .pluck()
    .all(split.first_call_id, call);
  db.prepare('UPDATE batches SET last_call_id = ?, operations = ? WHERE batch_id = ?').run(
    call,
    cut(split.operations, new Set(kept)),
    split.batch_id,
  );
  db.prepare('DELETE FROM snapshots WHERE batch_id >= ?').run(split.batch_id);
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
