import type { Database } from 'better-sqlite3';
import type { Json, JsonObject } from '../core/json.ts';
import type { LoggedEvent } from './contract.ts';
import { refuseIfLiveElsewhere } from './elsewhere.ts';
import { filesystemOf } from './filesystem.ts';
import { readFacts } from './history.ts';
import { look, stampOf } from './opening.ts';
import { placeOfLog } from './place.ts';
import type { OptimizerSummary } from './reader.ts';
import { withLog } from './unusable.ts';

/** An evaluation as far as a picture needs it. */
export type FollowedRow = readonly [
  callId: number,
  optimizerId: number,
  /** `null`: it has no value that can be compared with others: none at all, a lower bound, or one of an infeasible point. */
  fx: number | null,
  /** Milliseconds since the Unix epoch. */
  startedAt: number,
  durationMs: number,
  /** 1: it used the budget. */
  isCounted: 0 | 1,
];

/** An optimizer as it is now. */
export interface FollowedOptimizer extends OptimizerSummary {
  readonly bestCallId: number | null;
  readonly bestViolation: number | null;
  readonly startedAfterCall: number;
}

export type FollowedEvent = LoggedEvent & { readonly eventId: number };

/** Whoever is told what is in a log, from its beginning and in the order of its calls. */
export interface LogListener {
  /** Another log is there now: what was told is void. */
  restarted(): void;
  /** All facts of the run; told again whenever the log has changed. */
  facts(facts: JsonObject): void;
  /** Of those that are new, live, or have ended since they were told last. */
  optimizer(optimizer: FollowedOptimizer): void;
  /** After the rows that were in the log when it happened, and before all others. */
  event(event: FollowedEvent): void;
  row(row: FollowedRow): void;
}

/** So many rows are in memory at once. */
const PAGE = 10_000;
/** And so many events: those of hunts have their reasons with them, some kilobytes each. */
const EVENTS = 200;

/** Columns of a row, in the order of `FollowedRow`. */
export const FOLLOWED_COLUMNS =
  "call_id, optimizer_id, CASE WHEN status = 'ok' AND violation IS NULL THEN fx END, started_at, duration_ms, counted";

const OPTIMIZERS = `SELECT optimizer_id AS optimizerId, type, workers, status, reason, evaluations, failed,
    best_call_id AS bestCallId, best_fx AS bestFx, best_violation AS bestViolation,
    started_at AS startedAt, started_after_call AS startedAfterCall, ended_at AS endedAt
  FROM optimizers`;

/**
 * Tells what comes into a log, live or ended, as often as it is asked to look. It opens the log for each look and never keeps it: at
 * its end a run folds the log into one file, which no reader may hold then.
 */
export class LogFollower {
  readonly #directory: string;
  readonly #listener: LogListener;
  #stamp = '';
  #identity: Json | undefined;
  #call = 0;
  #event = 0;
  #optimizer = 0;
  #live: ReadonlySet<number> = new Set();
  #lastCall = 0;

  /** @param directory the run directory, or the file of a log */
  constructor(directory: string, listener: LogListener) {
    this.#directory = directory;
    this.#listener = listener;
  }

  /** How much of the log has been told: calls, of all that are in it. */
  get told(): { readonly calls: number; readonly of: number } {
    return { calls: this.#call, of: this.#lastCall };
  }

  /**
   * Tells what is new.
   *
   * @param mayGoOn asked now and then; on `false` the rest is left for the next look
   * @returns `same` when nothing was, `more` when it is not at the log's end
   * @throws {CodedError} `log-unusable`; it can be asked again
   */
  look(mayGoOn: () => boolean = () => true): 'same' | 'told' | 'more' {
    const place = placeOfLog(this.#directory);
    const stamp = stampOf(place.file);
    if (stamp === this.#stamp) return 'same';
    return withLog(place.file, () => {
      refuseIfLiveElsewhere(this.#directory, filesystemOf);
      return look(place, (db) => {
        // All of it as it was at one moment.
        db.exec('BEGIN');
        const isAll = this.#tell(db, mayGoOn);
        // What is written meanwhile changes it again.
        this.#stamp = isAll ? stamp : '';
        return isAll ? 'told' : 'more';
      });
    });
  }

  #tell(db: Database, mayGoOn: () => boolean): boolean {
    const facts = readFacts(db);
    const last = 'SELECT coalesce(max(call_id), 0) FROM evaluations';
    this.#lastCall = db.prepare<[], number>(last).pluck().get()!;
    const identity = facts['startedAt'];
    if ((this.#identity !== undefined && this.#identity !== identity) || this.#lastCall < this.#call)
      this.#restart();
    this.#identity = identity;
    this.#listener.facts(facts);
    this.#tellOptimizers(db);
    return this.#tellRows(db, mayGoOn);
  }

  #restart(): void {
    this.#call = 0;
    this.#event = 0;
    this.#optimizer = 0;
    this.#live = new Set();
    this.#listener.restarted();
  }

  #tellOptimizers(db: Database): void {
    const found = db
      .prepare<[number], FollowedOptimizer>(
        `${OPTIMIZERS} WHERE optimizer_id > ? OR status = 'running' ORDER BY optimizer_id`,
      )
      .all(this.#optimizer);
    const byId = db.prepare<[number], FollowedOptimizer>(`${OPTIMIZERS} WHERE optimizer_id = ?`);
    const live = new Set(found.filter(({ status }) => status === 'running').map((one) => one.optimizerId));
    for (const id of this.#live) {
      if (live.has(id)) continue;
      const ended = byId.get(id);
      if (ended) this.#listener.optimizer(ended);
    }
    for (const one of found) this.#listener.optimizer(one);
    this.#live = live;
    this.#optimizer = Math.max(this.#optimizer, found.at(-1)?.optimizerId ?? 0);
  }

  #tellRows(db: Database, mayGoOn: () => boolean): boolean {
    const events = this.#eventsOf(db);
    let next = events.next();
    const tellEventsBefore = (call: number): void => {
      for (; !next.done && next.value.callId < call; next = events.next()) {
        this.#event = next.value.eventId;
        this.#listener.event(next.value);
      }
    };
    const page = db
      .prepare<[number, number], FollowedRow>(
        `SELECT ${FOLLOWED_COLUMNS} FROM evaluations WHERE call_id > ? ORDER BY call_id LIMIT ?`,
      )
      .raw();
    for (;;) {
      const rows = page.all(this.#call, PAGE);
      for (const row of rows) {
        tellEventsBefore(row[0]);
        this.#call = row[0];
        this.#listener.row(row);
      }
      if (rows.length < PAGE) break;
      if (!mayGoOn()) return false;
    }
    tellEventsBefore(Infinity);
    return true;
  }

  /** In the order in which they were logged. */
  *#eventsOf(db: Database): Generator<FollowedEvent, void> {
    const page = db.prepare<[number, number], Omit<FollowedEvent, 'data'> & { readonly data: string }>(
      `SELECT event_id AS eventId, call_id AS callId, at, kind, type, optimizer_id AS optimizerId, message, data
       FROM events WHERE event_id > ? ORDER BY event_id LIMIT ?`,
    );
    for (;;) {
      const events = page.all(this.#event, EVENTS);
      for (const event of events) yield { ...event, data: JSON.parse(event.data) as JsonObject };
      if (events.length < EVENTS) return;
    }
  }
}
