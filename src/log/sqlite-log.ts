import Database from 'better-sqlite3';
import { CodedError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type {
  BatchCommit,
  LoggedEvent,
  LoggedPast,
  OptimizerEnd,
  OptimizerStart,
  RunLog,
} from './contract.ts';
import { toBytes } from './float64.ts';
import { readPast } from './past.ts';
import { RowWriter } from './row-writer.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';

/**
 * The run log in one SQLite file.
 *
 * While it is open it is in WAL mode: a committed transaction survives the death of the process at any
 * moment, and readers in other processes never wait.
 */
export class SqliteLog implements RunLog, Disposable {
  readonly #db: Database.Database;
  readonly #commit: Database.Transaction<(batch: BatchCommit) => void>;
  readonly #setFacts: Database.Transaction<(facts: JsonObject) => void>;
  readonly #insertOptimizer: Database.Statement;
  readonly #updateOptimizer: Database.Statement;
  readonly #insertEvent: Database.Statement;

  /**
   * Makes a new log.
   *
   * @param size how many parameters a point has
   * @param durability `full`: a committed transaction survives a power cut too, if the disk does what it says
   * @throws {CodedError} `log-unusable` when the file exists or cannot be made
   */
  constructor(file: string, size: number, durability: 'commit' | 'full' = 'commit') {
    this.#db = createDatabase(file, durability);
    const writer = new RowWriter(this.#db, size);
    const insertBatch = this.#db.prepare(
      'INSERT INTO batches (optimizer_id, first_call_id, last_call_id, operations) VALUES (?, ?, ?, ?)',
    );
    const updateCounts = this.#db.prepare(
      'UPDATE optimizers SET evaluations = evaluations + ?, failed = failed + ? WHERE optimizer_id = ?',
    );
    // NULL, for feasible, sorts as 0: a feasible value beats any violation, and a lower value only its equals.
    const updateBest = this.#db.prepare(
      `UPDATE optimizers SET best_call_id = $callId, best_fx = $fx, best_violation = $violation
       WHERE optimizer_id = $optimizerId AND (best_call_id IS NULL OR (best_violation, best_fx) > ($violation, $fx))`,
    );
    this.#commit = this.#db.transaction(({ optimizerId, firstCallId, rows, operations }) => {
      const { failed, best } = writer.write(optimizerId, firstCallId, rows);
      insertBatch.run(optimizerId, firstCallId, firstCallId + rows.count - 1, operations);
      updateCounts.run(rows.count, failed, optimizerId);
      if (best) updateBest.run({ ...best, optimizerId });
    });
    const setFact = this.#db.prepare('INSERT OR REPLACE INTO run (key, value) VALUES (?, ?)');
    this.#setFacts = this.#db.transaction((facts) => {
      for (const [key, value] of Object.entries(facts)) setFact.run(key, JSON.stringify(value));
    });
    this.#insertOptimizer = this.#db.prepare(
      `INSERT INTO optimizers (optimizer_id, type, options, workers, start, started_at, started_after_call, status)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'running')`,
    );
    this.#updateOptimizer = this.#db.prepare(
      'UPDATE optimizers SET status = ?, reason = ?, ended_at = ? WHERE optimizer_id = ?',
    );
    this.#insertEvent = this.#db.prepare(
      'INSERT INTO events (call_id, at, kind, type, optimizer_id, message, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  startOptimizer(start: OptimizerStart): void {
    this.#insertOptimizer.run(
      start.optimizerId,
      start.type,
      JSON.stringify(start.options),
      start.workers,
      toBytes(start.start),
      start.startedAt,
      start.startedAfterCall,
    );
  }

  commit(batch: BatchCommit): void {
    this.#commit.immediate(batch);
  }

  /** Makes one transaction of all that `write` writes. */
  atOnce(write: () => void): void {
    this.#db.transaction(write).immediate();
  }

  past(optimizerId: number): LoggedPast {
    return readPast(this.#db, optimizerId);
  }

  endOptimizer({ optimizerId, status, reason, endedAt }: OptimizerEnd): void {
    this.#updateOptimizer.run(status, reason, endedAt, optimizerId);
  }

  event({ callId, at, kind, type, optimizerId, message, data }: LoggedEvent): void {
    this.#insertEvent.run(callId, at, kind, type, optimizerId, message, JSON.stringify(data));
  }

  set(facts: JsonObject): void {
    this.#setFacts.immediate(facts);
  }

  close(): void {
    if (!this.#db.open) return;
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    try {
      // One plain file, which also a read-only directory or another machine can read.
      this.#db.pragma('journal_mode = DELETE');
    } catch {
      // A reader has it open at this moment. The file then stays in WAL mode, with everything in it.
    }
    this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function createDatabase(file: string, durability: 'commit' | 'full'): Database.Database {
  try {
    const db = new Database(file);
    try {
      db.pragma('journal_mode = WAL');
      db.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
      // Views and `status` read without locks that block; a copy of the file by a backup tool may hold it for a moment.
      db.pragma('busy_timeout = 5000');
      db.transaction(() => {
        db.pragma(`application_id = ${APPLICATION_ID}`);
        db.pragma(`user_version = ${SCHEMA_VERSION}`);
        db.exec(SCHEMA);
      })();
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw new CodedError('log-unusable', `cannot make the run log ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
