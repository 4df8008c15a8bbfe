import Database from 'better-sqlite3';
import type { JsonObject } from '../core/json.ts';
import { Arrivals } from './arrivals.ts';
import type {
  Arrival,
  Arrived,
  BatchCommit,
  Checkpoint,
  LoggedEvent,
  LoggedKnown,
  LoggedOptimizer,
  LoggedPast,
  OptimizerEnd,
  OptimizerStart,
  PastEvaluation,
  RunLog,
} from './contract.ts';
import { createDatabase, openDatabase } from './database.ts';
import { toBytes } from './float64.ts';
import { Folding } from './folding.ts';
import { readCheckpoints, readEvaluations, readEvents, readFacts, readOptimizers } from './history.ts';
import { readKnown } from './known.ts';
import { pointReader, readPast } from './past.ts';
import { RowWriter } from './row-writer.ts';
import { Snapshots } from './snapshots.ts';
import { withLog } from './unusable.ts';

/** How often, and how long apart, it is tried to fold a log at its end that somebody reads. */
const FOLD_TRIES = 40;
const FOLD_PAUSE_MS = 25;

/** What a row takes besides its point, about. */
const ROW_BYTES = 80;

/**
 * The run log in one SQLite file.
 *
 * While it is open it is in WAL mode: a committed transaction survives the death of the process at any
 * moment, and readers in other processes never wait.
 */
export class SqliteLog implements RunLog, Disposable {
  readonly #file: string;
  readonly #db: Database.Database;
  readonly #folding: Folding;
  readonly #commit: (batch: BatchCommit) => void;
  readonly #setFact: Database.Statement;
  readonly #snapshots: Snapshots;
  readonly #arrivals: Arrivals;
  readonly #insertOptimizer: Database.Statement;
  readonly #updateOptimizer: Database.Statement;
  readonly #insertEvent: Database.Statement;

  /**
   * @param size how many parameters a point has
   * @param durability `full`: a committed transaction survives a power cut too, if the disk does what it says
   * @param mode `create` a new log, or `open` one that is there, which is brought to this version of glompo
   * @throws {CodedError} `log-unusable` when it cannot be made, or is none
   */
  constructor(
    file: string,
    size: number,
    durability: 'commit' | 'full' = 'commit',
    mode: 'create' | 'open' = 'create',
  ) {
    this.#file = file;
    this.#db = (mode === 'create' ? createDatabase : openDatabase)(file, durability);
    this.#folding = new Folding(file);
    this.#snapshots = new Snapshots(this.#db);
    this.#arrivals = new Arrivals(this.#db, size);
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
    this.#commit = ({ optimizerId, firstCallId, rows, operations, snapshot, isPinned = false }) => {
      const { failed, best } = writer.write(optimizerId, firstCallId, rows);
      const lastCallId = firstCallId + rows.count - 1;
      const { lastInsertRowid: batchId } = insertBatch.run(optimizerId, firstCallId, lastCallId, operations);
      if (rows.count > 0) updateCounts.run(rows.count, failed, optimizerId);
      if (best) updateBest.run({ ...best, optimizerId });
      this.#folding.wrote(
        rows.count * (rows.x.BYTES_PER_ELEMENT * size + ROW_BYTES) +
          operations.length +
          (snapshot?.length ?? 0),
      );
      if (snapshot)
        this.#snapshots.add({
          optimizerId,
          batchId: Number(batchId),
          callId: lastCallId,
          isPinned,
          data: snapshot,
        });
    };
    this.#setFact = this.#db.prepare('INSERT OR REPLACE INTO run (key, value) VALUES (?, ?)');
    this.#insertOptimizer = this.#db.prepare(
      `INSERT INTO optimizers (optimizer_id, type, options, workers, start, started_at, started_after_call, place, status)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running')`,
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
      start.place ?? -1,
    );
  }

  setReady(optimizerId: number, version: number, batchSize: number): void {
    this.#db
      .prepare('UPDATE optimizers SET version = ?, batch_size = ? WHERE optimizer_id = ?')
      .run(version, batchSize, optimizerId);
  }

  commit(batch: BatchCommit): void {
    this.atomically(() => {
      this.#commit(batch);
    });
  }

  atomically(write: () => void): void {
    if (this.#db.inTransaction) write();
    else this.#db.transaction(write).immediate();
  }

  past(optimizerId: number, skip?: number): LoggedPast {
    return withLog(this.#file, () => readPast(this.#db, optimizerId, skip));
  }

  point(callId: number): { readonly x: Float64Array; readonly fx: number } | undefined {
    return withLog(this.#file, () => pointReader(this.#db)(callId));
  }

  known(after: number, most: number): LoggedKnown {
    return readKnown(this.#db, after, most);
  }

  endOptimizer({ optimizerId, status, reason, endedAt }: OptimizerEnd): void {
    this.#updateOptimizer.run(status, reason, endedAt, optimizerId);
    // One that was stopped goes on when its run does.
    if (status !== 'stopped') this.#snapshots.forget(optimizerId);
  }

  reviveOptimizers(optimizerIds: readonly number[]): void {
    const revive = this.#db.prepare(
      "UPDATE optimizers SET status = 'running', reason = NULL, ended_at = NULL WHERE optimizer_id = ?",
    );
    for (const id of optimizerIds) revive.run(id);
  }

  checkpoint({ name, callId, at, reason }: Checkpoint, keep: number): void {
    this.atomically(() => {
      this.#db
        .prepare('INSERT INTO checkpoints (name, call_id, at, reason) VALUES (?, ?, ?, ?)')
        .run(name, callId, at, reason);
      const { changes } = this.#db
        .prepare(
          `DELETE FROM checkpoints WHERE reason = $reason AND checkpoint_id NOT IN
             (SELECT checkpoint_id FROM checkpoints WHERE reason = $reason ORDER BY checkpoint_id DESC LIMIT $keep)`,
        )
        .run({ reason, keep: Math.min(keep, Number.MAX_SAFE_INTEGER) });
      if (changes > 0) this.#snapshots.prune();
    });
  }

  facts(): JsonObject {
    return withLog(this.#file, () => readFacts(this.#db));
  }

  optimizers(): readonly LoggedOptimizer[] {
    return withLog(this.#file, () => readOptimizers(this.#db));
  }

  checkpoints(): readonly Checkpoint[] {
    return withLog(this.#file, () => readCheckpoints(this.#db));
  }

  events(): readonly LoggedEvent[] {
    return withLog(this.#file, () => readEvents(this.#db));
  }

  *evaluations(from = 0): Iterable<PastEvaluation> {
    try {
      yield* readEvaluations(this.#db, from);
    } catch (error) {
      withLog(this.#file, () => {
        throw error;
      });
    }
  }

  arrived(): readonly Arrived[] {
    return this.#arrivals.count();
  }

  arrive(arrival: Arrival): void {
    this.atomically(() => {
      this.#arrivals.add(arrival);
    });
  }

  settleRound(firstCallId: number): void {
    this.atomically(() => {
      let next = firstCallId;
      for (const arrival of this.#arrivals.take()) {
        this.#commit({ ...arrival, firstCallId: next });
        next += arrival.rows.count;
      }
    });
  }

  *batchEnds(): Iterable<number> {
    const ends = this.#db
      .prepare<[], number>(
        'SELECT DISTINCT last_call_id FROM batches WHERE last_call_id >= first_call_id ORDER BY 1',
      )
      .pluck();
    yield* ends.all();
  }

  event({ callId, at, kind, type, optimizerId, message, data }: LoggedEvent): void {
    this.#insertEvent.run(callId, at, kind, type, optimizerId, message, JSON.stringify(data));
  }

  set(facts: JsonObject): void {
    this.atomically(() => {
      for (const [key, value] of Object.entries(facts)) this.#setFact.run(key, JSON.stringify(value));
    });
  }

  /** From here on what room there is goes to the write-ahead log: on a full disk, to the last words. */
  stopFolding(): void {
    this.#folding.stop();
    this.#db.pragma('wal_autocheckpoint = 0');
  }

  close(): void {
    if (!this.#db.open) return;
    this.#folding[Symbol.dispose]();
    // Else SQLite itself would wait at each try, for seconds.
    this.#db.pragma('busy_timeout = 0');
    // A view looks at it for some milliseconds at a time, and nobody may hold it while it is folded.
    for (let tries = 0; tries < FOLD_TRIES && !this.#fold(); tries++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FOLD_PAUSE_MS);
    this.#db.close();
  }

  /** One plain file, which also a read-only directory or another machine can read. @returns whether it is one */
  #fold(): boolean {
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
      return this.#db.pragma('journal_mode = DELETE', { simple: true }) !== 'wal';
    } catch {
      // A reader has it open at this moment, or the disk is full. The file then stays in WAL mode, with everything in it.
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
