import type { Database } from 'better-sqlite3';
import type { Json, JsonObject } from '../core/json.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { Checkpoint, LoggedEvent, LoggedOptimizer, PastEvaluation } from './contract.ts';
import { fromBytes } from './float64.ts';

/** So many evaluations are in memory at once. */
const PAGE = 20_000;

export function readFacts(db: Database): JsonObject {
  const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM run').all();
  return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as Json]));
}

export function readOptimizers(db: Database): readonly LoggedOptimizer[] {
  return db
    .prepare<
      [],
      Omit<LoggedOptimizer, 'options' | 'start'> & { readonly options: string; readonly start: Buffer }
    >(
      `SELECT optimizer_id AS optimizerId, type, options, workers, start, started_at AS startedAt,
         started_after_call AS startedAfterCall, place, version, batch_size AS batchSize, status FROM optimizers ORDER BY optimizer_id`,
    )
    .all()
    .map((row) => ({ ...row, options: JSON.parse(row.options) as JsonObject, start: fromBytes(row.start) }));
}

export function readCheckpoints(db: Database): readonly Checkpoint[] {
  return db
    .prepare<[], Checkpoint>(
      'SELECT name, call_id AS callId, at, reason FROM checkpoints ORDER BY checkpoint_id',
    )
    .all();
}

export function readEvents(db: Database): readonly LoggedEvent[] {
  return db
    .prepare<[], Omit<LoggedEvent, 'data'> & { readonly data: string }>(
      `SELECT call_id AS callId, at, kind, type, optimizer_id AS optimizerId, message, data
       FROM events ORDER BY call_id, event_id`,
    )
    .all()
    .map((event) => ({ ...event, data: JSON.parse(event.data) as JsonObject }));
}

type Row = readonly [
  callId: number,
  optimizerId: number,
  candidateId: number,
  fx: number | null,
  status: EvaluationStatus,
  isCounted: number,
  violation: number | null,
  error: string | null,
  extras: string | null,
];

/** Points are looked up when somebody wants them: few do, and they are most of a log. */
export function* readEvaluations(db: Database, from: number): Iterable<PastEvaluation> {
  const page = db
    .prepare<[number, number], Row>(
      `SELECT call_id, optimizer_id, candidate_id, fx, status, counted, violation, error, extras FROM evaluations
       WHERE call_id > ? ORDER BY call_id LIMIT ?`,
    )
    .raw();
  const point = db.prepare<[number], Buffer>('SELECT x FROM evaluations WHERE call_id = ?').pluck();
  const end = db
    .prepare<[number], number>('SELECT started_at + duration_ms FROM evaluations WHERE call_id = ?')
    .pluck();
  for (let last = from; ;) {
    const rows = page.all(last, PAGE);
    for (const [callId, optimizerId, candidateId, fx, status, isCounted, violation, error, extras] of rows)
      yield {
        callId,
        optimizerId,
        candidateId,
        fx: fx ?? NaN,
        status,
        isCounted: isCounted === 1,
        violation: violation ?? 0,
        error: error ?? undefined,
        extras: extras === null ? undefined : (JSON.parse(extras) as JsonObject),
        x: () => fromBytes(point.get(callId)!),
        at: () => end.get(callId)!,
      };
    if (rows.length < PAGE) return;
    last = rows.at(-1)![0];
  }
}
