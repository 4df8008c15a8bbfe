import type { Database } from 'better-sqlite3';
import type { Json, JsonObject } from '../core/json.ts';
import { refuseIfLiveElsewhere } from './elsewhere.ts';
import { filesystemOf } from './filesystem.ts';
import { FOLLOWED_COLUMNS, type FollowedEvent, type FollowedRow } from './follower.ts';
import { fromBytes } from './float64.ts';
import { look } from './opening.ts';
import { placeOfLog } from './place.ts';
import type { LoggedEvaluation, OptimizerSummary } from './reader.ts';
import { withLog } from './unusable.ts';

/** Which events: those before one, the latest first. */
export interface EventQuery {
  /** Before this event id. @default the end */
  readonly before?: number;
  /** Up to this call. @default the end */
  readonly upTo?: number;
  /** Of these types. @default all */
  readonly types?: readonly string[];
  /** Of this optimizer. @default all */
  readonly optimizer?: number;
  /** So many at the most. */
  readonly limit: number;
}

/** All that a log has of one evaluation. */
export interface EvaluationDetail extends Omit<LoggedEvaluation, 'optimizerType' | 'x'> {
  /** All parameters in the order of the configuration, in task units. */
  readonly x: readonly number[];
}

/** All that a log has of one optimizer. */
export interface OptimizerDetail extends OptimizerSummary {
  readonly options: JsonObject;
  readonly version: number | null;
  readonly bestCallId: number | null;
}

const PAGE = 10_000;

/** Looks things up in a log, live or ended. It is opened for each question and never kept open, see `LogFollower`. */
export class LogLookups {
  readonly #directory: string;

  /** @param directory the run directory, or the file of a log */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws {CodedError} `log-unusable`, as all of them */
  events({
    before = Infinity,
    upTo = Infinity,
    types,
    optimizer,
    limit,
  }: EventQuery): readonly FollowedEvent[] {
    return this.#ask((db) =>
      db
        .prepare<[JsonObject], Omit<FollowedEvent, 'data'> & { readonly data: string }>(
          `SELECT event_id AS eventId, call_id AS callId, at, kind, type, optimizer_id AS optimizerId, message, data
           FROM events WHERE event_id < $before AND call_id <= $upTo
             AND ($types IS NULL OR type IN (SELECT value FROM json_each($types)))
             AND ($optimizer IS NULL OR optimizer_id = $optimizer)
           ORDER BY event_id DESC LIMIT $limit`,
        )
        .all({
          before: Math.min(before, Number.MAX_SAFE_INTEGER),
          upTo: Math.min(upTo, Number.MAX_SAFE_INTEGER),
          types: types ? JSON.stringify(types) : null,
          optimizer: optimizer ?? null,
          limit,
        })
        .map((event) => ({ ...event, data: JSON.parse(event.data) as JsonObject })),
    );
  }

  /** The points of some calls, those that there are: all parameters in task units. */
  points(calls: Iterable<number>): ReadonlyMap<number, Float64Array> {
    return this.#ask((db) => {
      const point = db.prepare<[number], Buffer>('SELECT x FROM evaluations WHERE call_id = ?').pluck();
      const found = new Map<number, Float64Array>();
      for (const call of calls) {
        const bytes = point.get(call);
        if (bytes) found.set(call, fromBytes(bytes));
      }
      return found;
    });
  }

  evaluation(callId: number): EvaluationDetail | undefined {
    return this.#ask((db) => {
      const row = db
        .prepare<
          [number],
          { readonly x: Buffer; readonly counted: number; readonly extras: string | null } & Omit<
            EvaluationDetail,
            'x' | 'counted' | 'extras'
          >
        >(
          `SELECT call_id AS callId, optimizer_id AS optimizerId, candidate_id AS candidateId, x, fx, status, counted,
             started_at AS startedAt, duration_ms AS durationMs, attempts, worker, error, violation, extras
           FROM evaluations WHERE call_id = ?`,
        )
        .get(callId);
      return (
        row && {
          ...row,
          x: [...fromBytes(row.x)],
          counted: row.counted === 1,
          extras: row.extras === null ? null : (JSON.parse(row.extras) as JsonObject),
        }
      );
    });
  }

  optimizer(optimizerId: number): OptimizerDetail | undefined {
    return this.#ask((db) => {
      const row = db
        .prepare<[number], Omit<OptimizerDetail, 'options'> & { readonly options: string }>(
          `SELECT optimizer_id AS optimizerId, type, options, workers, version, status, reason, evaluations, failed,
             best_call_id AS bestCallId, best_fx AS bestFx, started_at AS startedAt, ended_at AS endedAt
           FROM optimizers WHERE optimizer_id = ?`,
        )
        .get(optimizerId);
      return row && { ...row, options: JSON.parse(row.options) as Record<string, Json> };
    });
  }

  /** Goes through the evaluations from one call to another. */
  rows(from: number, to: number, visit: (row: FollowedRow) => void): void {
    this.#ask((db) => {
      const page = db
        .prepare<[number, number, number], FollowedRow>(
          `SELECT ${FOLLOWED_COLUMNS} FROM evaluations WHERE call_id >= ? AND call_id <= ? ORDER BY call_id LIMIT ?`,
        )
        .raw();
      for (let next = from; ;) {
        const rows = page.all(next, to, PAGE);
        for (const row of rows) visit(row);
        if (rows.length < PAGE) return;
        next = rows.at(-1)![0] + 1;
      }
    });
  }

  #ask<Answer>(question: (db: Database) => Answer): Answer {
    const place = placeOfLog(this.#directory);
    return withLog(place.file, () => {
      refuseIfLiveElsewhere(this.#directory, filesystemOf);
      return look(place, question);
    });
  }
}
