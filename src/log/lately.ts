import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../core/json.ts';
import type { LoggedEvent } from './contract.ts';
import { refuseIfLiveElsewhere } from './elsewhere.ts';
import { filesystemOf } from './filesystem.ts';
import { openToRead } from './opening.ts';
import { placeOfLog } from './place.ts';
import { withLog } from './unusable.ts';

/** What became of a run in its latest time. */
export interface Lately {
  /** The latest events but those that only say that something was looked at; the last one first. */
  readonly events: readonly LoggedEvent[];
  /** When the evaluation with the best value ended: milliseconds since the Unix epoch. */
  readonly improvedAt: number | null;
  /** When this session of the run began, and when it paused and went on: in order, milliseconds since the Unix epoch. */
  readonly session: readonly SessionMoment[];
  /** Evaluations by the second, over the latest of them. */
  readonly rate: number | null;
}

export interface SessionMoment {
  readonly type: 'run-started' | 'resumed' | 'pause' | 'unpause';
  readonly at: number;
}

/** So many evaluations tell how fast the run is now. */
const FOR_RATE = 1000;

/** Events of which there are many, and none of which says that anything changed. */
const UNTOLD = ['hunt', 'optimizer-started', 'run-ended', 'snapshot'];

/**
 * Reads what `status` tells besides the summary.
 *
 * @param bestCall the evaluation with the best value
 * @throws {CodedError} `log-unusable`
 */
export function readLately(directory: string, bestCall: number | undefined, most: number): Lately {
  const place = placeOfLog(directory);
  return withLog(place.file, () => {
    refuseIfLiveElsewhere(directory, filesystemOf);
    const db = openToRead(place);
    try {
      return {
        events: eventsOf(db, most),
        improvedAt: bestCall === undefined ? null : endOf(db, bestCall),
        session: sessionOf(db),
        rate: rateOf(db),
      };
    } finally {
      db.close();
    }
  });
}

function eventsOf(db: Database, most: number): readonly LoggedEvent[] {
  return db
    .prepare<(string | number)[], Omit<LoggedEvent, 'data'> & { readonly data: string }>(
      `SELECT call_id AS callId, at, kind, type, optimizer_id AS optimizerId, message, data FROM events
       WHERE type NOT IN (${UNTOLD.map(() => '?').join(', ')}) ORDER BY event_id DESC LIMIT ?`,
    )
    .all(...UNTOLD, most)
    .map((event) => ({ ...event, data: JSON.parse(event.data) as JsonObject }));
}

function endOf(db: Database, callId: number): number | null {
  const sql = 'SELECT started_at + duration_ms FROM evaluations WHERE call_id = ?';
  return db.prepare<[number], number>(sql).pluck().get(callId) ?? null;
}

function sessionOf(db: Database): readonly SessionMoment[] {
  return db
    .prepare<[], SessionMoment>(
      `SELECT type, at FROM events WHERE type IN ('run-started', 'resumed', 'pause', 'unpause') AND event_id >=
         (SELECT max(event_id) FROM events WHERE type IN ('run-started', 'resumed')) ORDER BY event_id`,
    )
    .all();
}

function rateOf(db: Database): number | null {
  const { count, from, to } = db
    .prepare<[number], { count: number; from: number | null; to: number | null }>(
      `SELECT count(*) AS count, min(started_at + duration_ms) AS "from", max(started_at + duration_ms) AS "to" FROM
         (SELECT started_at, duration_ms FROM evaluations WHERE counted = 1 ORDER BY call_id DESC LIMIT ?)`,
    )
    .get(FOR_RATE)!;
  return from !== null && to !== null && to > from ? ((count - 1) * 1000) / (to - from) : null;
}
