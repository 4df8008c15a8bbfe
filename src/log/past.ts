import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../core/json.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { LoggedPast } from './contract.ts';
import { fromBytes } from './float64.ts';

interface Row {
  readonly call_id: number;
  readonly candidate_id: number;
  readonly x: Buffer;
  readonly fx: number | null;
  readonly status: EvaluationStatus;
  readonly violation: number | null;
  readonly attempts: number;
  readonly extras: string | null;
}

/** Reads what one optimizer did since its last snapshot. `batches` is the index by which its evaluations are found. */
export function readPast(db: Database, optimizerId: number, skip = 0): LoggedPast {
  const snapshot = db
    .prepare<[number, number], { batch_id: number; call_id: number; pinned: number; data: Buffer }>(
      `SELECT batch_id, call_id, pinned, data FROM snapshots WHERE optimizer_id = ?
       ORDER BY batch_id DESC LIMIT 1 OFFSET ?`,
    )
    .get(optimizerId, skip);
  const since = snapshot?.batch_id ?? 0;
  const operations = db
    .prepare<[number, number], { operations: Buffer }>(
      'SELECT operations FROM batches WHERE optimizer_id = ? AND batch_id > ? ORDER BY batch_id',
    )
    .all(optimizerId, since);
  const rows = db
    .prepare<[number, number], Row>(
      `SELECT e.call_id, candidate_id, x, fx, status, violation, attempts, extras FROM batches b
       JOIN evaluations e ON e.call_id BETWEEN b.first_call_id AND b.last_call_id
       WHERE b.optimizer_id = ? AND b.batch_id > ? ORDER BY e.call_id`,
    )
    .all(optimizerId, since);
  // What a round has brought so far has no call ids yet.
  const arrived = db
    .prepare<[number], Row>(
      `SELECT 0 AS call_id, candidate_id, x, fx, status, violation, attempts, extras FROM arrivals
       WHERE optimizer_id = ? ORDER BY candidate_id, arrival_id`,
    )
    .all(optimizerId);
  rows.push(...arrived);
  operations.push(
    ...db
      .prepare<[number], { operations: Buffer }>(
        'SELECT operations FROM arrived_batches WHERE optimizer_id = ? ORDER BY arrival_id',
      )
      .all(optimizerId),
  );
  const size = (rows[0]?.x.byteLength ?? 0) / 8;
  const x = new Float64Array(rows.length * size);
  const extras = new Map<number, JsonObject>();
  for (const [row, { x: point, extras: text }] of rows.entries()) {
    x.set(fromBytes(point), row * size);
    if (text !== null) extras.set(row, JSON.parse(text) as JsonObject);
  }
  return {
    ...(snapshot ? { snapshot: snapshot.data } : {}),
    snapshotCall: snapshot?.call_id ?? 0,
    isPinned: snapshot?.pinned === 1,
    operations: Buffer.concat(operations.map((batch) => batch.operations)),
    callIds: Float64Array.from(rows, ({ call_id }) => call_id),
    candidateIds: Float64Array.from(rows, ({ candidate_id }) => candidate_id),
    x,
    fx: Float64Array.from(rows, ({ fx }) => fx ?? NaN),
    statuses: rows.map(({ status }) => status),
    violations: Float64Array.from(rows, ({ violation }) => violation ?? 0),
    attempts: Uint8Array.from(rows, ({ attempts }) => attempts),
    extras,
    point: pointReader(db),
  };
}

/** Reads single evaluations by their calls. */
export function pointReader(db: Database): LoggedPast['point'] {
  const point = db.prepare<[number], Pick<Row, 'x' | 'fx'>>(
    'SELECT x, fx FROM evaluations WHERE call_id = ?',
  );
  return (callId) => {
    const found = point.get(callId);
    return found && { x: fromBytes(found.x), fx: found.fx ?? NaN };
  };
}
