import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../core/json.ts';
import type { LoggedKnown } from './contract.ts';
import { fromBytes } from './float64.ts';

interface Row {
  readonly call_id: number;
  readonly x: Buffer;
  readonly fx: number;
  readonly violation: number | null;
  readonly extras: string | null;
}

/** Reads evaluations that have a value of their own, after a call. */
export function readKnown(db: Database, after: number, most: number): LoggedKnown {
  const last = db.prepare<[], number>('SELECT coalesce(max(call_id), 0) FROM evaluations').pluck().get()!;
  const rows = db
    .prepare<[number], Row>(
      `SELECT call_id, x, fx, violation, extras FROM evaluations
       WHERE call_id > ? AND status = 'ok' AND attempts > 0 ORDER BY call_id`,
    )
    .all(Math.max(after, last - most));
  const size = (rows[0]?.x.byteLength ?? 0) / 8;
  const x = new Float64Array(rows.length * size);
  const extras = new Map<number, JsonObject>();
  for (const [row, { x: point, extras: text }] of rows.entries()) {
    x.set(fromBytes(point), row * size);
    if (text !== null) extras.set(row, JSON.parse(text) as JsonObject);
  }
  return {
    upTo: Math.max(after, last),
    callIds: Float64Array.from(rows, ({ call_id }) => call_id),
    x,
    fx: Float64Array.from(rows, ({ fx }) => fx),
    violations: Float64Array.from(rows, ({ violation }) => violation ?? 0),
    extras,
  };
}
