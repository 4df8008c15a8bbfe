import type { Database } from 'better-sqlite3';
import type { Json, JsonObject } from '../core/json.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { Checkpoint, OptimizerStatus } from './contract.ts';
import { refuseIfLiveElsewhere } from './elsewhere.ts';
import { filesystemOf, type FilesystemProbe } from './filesystem.ts';
import { fromBytes } from './float64.ts';
import { readCheckpoints } from './history.ts';
import { openToRead } from './opening.ts';
import { type LogPlace, placeOfLog } from './place.ts';
import { HISTORY, type SchemaHistory } from './schema.ts';
import { type LoggedState, stateOf } from './state.ts';
import { withLog } from './unusable.ts';

export interface OptimizerSummary {
  readonly optimizerId: number;
  readonly type: string;
  readonly workers: number;
  readonly status: OptimizerStatus;
  readonly reason: string | null;
  readonly evaluations: number;
  /** How many of them have no value. */
  readonly failed: number;
  readonly bestFx: number | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** A whole run in a few figures, from its log alone. */
export interface RunSummary {
  readonly state: LoggedState;
  readonly evaluations: number;
  readonly best: {
    readonly fx: number;
    readonly x: Float64Array;
    readonly callId: number;
    readonly optimizerId: number;
  } | null;
  readonly names: readonly string[];
  readonly optimizers: readonly OptimizerSummary[];
  readonly facts: Readonly<Record<string, Json>>;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** A row of the table `evaluations`. */
export interface LoggedEvaluation {
  readonly callId: number;
  readonly optimizerId: number;
  readonly optimizerType: string;
  readonly candidateId: number;
  /** All parameters in the order of `names()`, in task units. */
  readonly x: Float64Array;
  readonly fx: number | null;
  readonly status: EvaluationStatus;
  /** Whether it used the budget. */
  readonly counted: boolean;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly attempts: number;
  readonly worker: string;
  readonly error: string | null;
  /** > 0: how far from being feasible; `null`: feasible. */
  readonly violation: number | null;
  readonly extras: JsonObject | null;
}

/** As SQLite gives it. */
type EvaluationRow = Omit<LoggedEvaluation, 'x' | 'counted' | 'extras'> & {
  readonly x: Buffer;
  readonly counted: number;
  readonly extras: string | null;
};

/**
 * Reads a run log, live or finished, from any process. Nothing in it is ever executed.
 *
 * @remarks Every method throws `log-unusable` when it comes upon damage, which may be later than in the constructor.
 */
export class LogReader implements Disposable {
  /** Where the log is: in the run directory, or on the local disk where the run keeps it. */
  readonly place: LogPlace;
  readonly #file: string;
  readonly #db: Database;

  /**
   * @param directory the run directory
   * @throws {CodedError} `log-unusable` when there is none, it is not a log of glompo that this version knows, or another machine
   * writes it on a network filesystem
   */
  constructor(
    directory: string,
    history: SchemaHistory = HISTORY,
    probe: FilesystemProbe = (path) => filesystemOf(path),
  ) {
    this.place = placeOfLog(directory);
    this.#file = this.place.file;
    refuseIfLiveElsewhere(directory, probe);
    this.#db = withLog(this.#file, () => openToRead(this.place, history));
  }

  facts(): Readonly<Record<string, Json>> {
    return withLog(this.#file, () => this.#facts());
  }

  summary(): RunSummary {
    return withLog(this.#file, () => this.#summary());
  }

  #facts(): Readonly<Record<string, Json>> {
    const rows = this.#db.prepare<[], { key: string; value: string }>('SELECT key, value FROM run').all();
    return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as Json]));
  }

  #summary(): RunSummary {
    return this.#db.transaction(() => {
      const facts = this.#facts();
      const optimizers = this.#optimizers();
      const { evaluations } = this.#db
        .prepare<[], { evaluations: number }>(
          'SELECT coalesce(max(call_id), 0) AS evaluations FROM evaluations',
        )
        .get()!;
      return {
        state: stateOf(facts),
        evaluations: evaluations - (typeof facts['uncounted'] === 'number' ? facts['uncounted'] : 0),
        best: this.#best(),
        names: Array.isArray(facts['names']) ? facts['names'].map(String) : [],
        optimizers,
        facts,
        startedAt: Number(facts['startedAt']),
        endedAt: typeof facts['endedAt'] === 'number' ? facts['endedAt'] : null,
      };
    })();
  }

  checkpoints(): readonly Checkpoint[] {
    return withLog(this.#file, () => readCheckpoints(this.#db));
  }

  /** The id of the last call; 0 when there is none. */
  lastCall(): number {
    const last = 'SELECT coalesce(max(call_id), 0) FROM evaluations';
    return withLog(this.#file, () => this.#db.prepare<[], number>(last).pluck().get()!);
  }

  /** Until it is disposed, everything is read as it was at one moment, however the run goes on. Nobody waits for it but the end of the run. */
  snapshot(): Disposable {
    this.#db.exec('BEGIN');
    return {
      [Symbol.dispose]: () => {
        // Some failures of SQLite end a transaction themselves. Nothing was written, and a COMMIT in a damaged log fails once more.
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      },
    };
  }

  /** The parameters' names, in the order of every `x`. */
  names(): readonly string[] {
    const { names } = this.facts();
    return Array.isArray(names) ? names.map(String) : [];
  }

  /** All evaluations by call id, one in memory at a time. */
  evaluations(): Generator<LoggedEvaluation, void> {
    // A left join, so that SQLite goes through the evaluations in their order and looks up the optimizers.
    return this.#each(
      `SELECT call_id AS callId, e.optimizer_id AS optimizerId, o.type AS optimizerType, candidate_id AS candidateId, x, fx,
         e.status, counted, e.started_at AS startedAt, duration_ms AS durationMs, attempts, worker, error, violation, extras
       FROM evaluations e LEFT JOIN optimizers o USING (optimizer_id) ORDER BY call_id`,
      (row: EvaluationRow) => ({
        ...row,
        x: fromBytes(row.x),
        counted: row.counted === 1,
        extras: row.extras === null ? null : (JSON.parse(row.extras) as JsonObject),
      }),
    );
  }

  /** The extras of those evaluations that have some, by call id. */
  extras(): Generator<JsonObject, void> {
    return this.#each(
      'SELECT extras FROM evaluations WHERE extras IS NOT NULL ORDER BY call_id',
      ({ extras }: { readonly extras: string }) => JSON.parse(extras) as JsonObject,
    );
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what its query selects
  *#each<Row, Result>(sql: string, read: (row: Row) => Result): Generator<Result, void> {
    try {
      for (const row of this.#db.prepare<[], Row>(sql).iterate()) yield read(row);
    } catch (error) {
      withLog(this.#file, () => {
        throw error;
      });
    }
  }

  #optimizers(): readonly OptimizerSummary[] {
    return this.#db
      .prepare<[], OptimizerSummary>(
        `SELECT optimizer_id AS optimizerId, type, workers, status, reason, evaluations, failed, best_fx AS bestFx,
           started_at AS startedAt, ended_at AS endedAt FROM optimizers ORDER BY optimizer_id`,
      )
      .all();
  }

  #best(): RunSummary['best'] {
    const row = this.#db
      .prepare<[], { callId: number; optimizerId: number; fx: number; x: Buffer }>(
        `SELECT call_id AS callId, e.optimizer_id AS optimizerId, fx, x
         FROM optimizers o JOIN evaluations e ON e.call_id = o.best_call_id
         ORDER BY best_violation, best_fx, best_call_id LIMIT 1`,
      )
      .get();
    return row ? { ...row, x: fromBytes(row.x) } : null;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/**
 * Reads something of a log and makes something of it, such as a text for people. A log whose pages are whole may still hold nonsense,
 * which only this comes upon.
 *
 * @throws {CodedError} `log-unusable`
 */
export function readLog<Result>(directory: string, use: (reader: LogReader) => Result): Result {
  return withLog(placeOfLog(directory).file, () => {
    using reader = new LogReader(directory);
    return use(reader);
  });
}
