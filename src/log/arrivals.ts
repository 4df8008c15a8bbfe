import type { Database, Statement } from 'better-sqlite3';
import type { JsonObject } from '../core/json.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { Arrival, Arrived, LoggedRows } from './contract.ts';
import { fromBytes, toBytes } from './float64.ts';

interface ArrivedRow {
  readonly optimizer_id: number;
  readonly candidate_id: number;
  readonly x: Buffer;
  readonly fx: number | null;
  readonly status: EvaluationStatus;
  readonly counted: number;
  readonly started_at: number;
  readonly duration_ms: number;
  readonly attempts: number;
  readonly worker: string;
  readonly error: string | null;
  readonly violation: number | null;
  readonly extras: string | null;
}

interface ArrivedBatch {
  readonly optimizer_id: number;
  readonly operations: Buffer;
  readonly snapshot: Buffer | null;
}

/** Evaluations of a reproducible run's round: kept as they come, and numbered when the round is complete. */
export class Arrivals {
  readonly #size: number;
  readonly #insertRow: Statement;
  readonly #insertBatch: Statement;
  readonly #count: Statement<[], Arrived>;
  readonly #batches: Statement<[], ArrivedBatch>;
  readonly #rows: Statement<[], ArrivedRow>;
  readonly #clear: readonly Statement[];

  /** @param size how many parameters a point has */
  constructor(db: Database, size: number) {
    this.#size = size;
    this.#insertRow = db.prepare(
      `INSERT INTO arrivals (optimizer_id, candidate_id, x, fx, status, counted, started_at, duration_ms, attempts, worker,
         error, violation, extras) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertBatch = db.prepare(
      'INSERT INTO arrived_batches (optimizer_id, operations, snapshot) VALUES (?, ?, ?)',
    );
    this.#count = db.prepare(
      `SELECT optimizer_id AS optimizerId, count(*) AS rows, sum(counted) AS counted FROM arrivals
       GROUP BY optimizer_id ORDER BY optimizer_id`,
    );
    this.#batches = db.prepare(
      'SELECT optimizer_id, operations, snapshot FROM arrived_batches ORDER BY optimizer_id, arrival_id',
    );
    this.#rows = db.prepare('SELECT * FROM arrivals ORDER BY optimizer_id, candidate_id, arrival_id');
    this.#clear = ['arrivals', 'arrived_batches'].map((table) => db.prepare(`DELETE FROM ${table}`));
  }

  add({ optimizerId, rows, operations, snapshot }: Arrival): void {
    const notes = new Map(rows.notes.map((note) => [note.row, note]));
    for (let row = 0; row < rows.count; row++) {
      const { error, violation, extras } = notes.get(row) ?? {};
      const fx = rows.fx[row]!;
      this.#insertRow.run(
        optimizerId,
        rows.candidateIds[row],
        toBytes(rows.x.subarray(row * this.#size, (row + 1) * this.#size)),
        Number.isNaN(fx) ? null : fx,
        rows.status(row),
        rows.counted[row],
        rows.startedAt[row],
        rows.durationMs[row],
        rows.attempts[row],
        rows.workers[rows.worker[row]!],
        error ?? null,
        violation ?? null,
        extras ? JSON.stringify(extras) : null,
      );
    }
    this.#insertBatch.run(optimizerId, operations, snapshot ?? null);
  }

  count(): readonly Arrived[] {
    return this.#count.all();
  }

  /** All that arrived, by optimizer, its evaluations by candidate. It is then no longer here. */
  take(): readonly Arrival[] {
    const batches = this.#batches.all();
    const rows = this.#rows.all();
    for (const statement of this.#clear) statement.run();
    const byOptimizer = Map.groupBy(batches, (batch) => batch.optimizer_id);
    const rowsOf = Map.groupBy(rows, (row) => row.optimizer_id);
    return [...byOptimizer].map(([optimizerId, its]) => {
      // One that other operations came after is of no use: they are one batch from now on.
      const snapshot = its.at(-1)?.snapshot;
      return {
        optimizerId,
        operations: Buffer.concat(its.map(({ operations }) => operations)),
        rows: this.#columns(rowsOf.get(optimizerId) ?? []),
        ...(snapshot ? { snapshot } : {}),
      };
    });
  }

  #columns(rows: readonly ArrivedRow[]): LoggedRows {
    const x = new Float64Array(rows.length * this.#size);
    for (const [row, { x: point }] of rows.entries()) x.set(fromBytes(point), row * this.#size);
    const workers = [...new Set(rows.map(({ worker }) => worker))];
    return {
      count: rows.length,
      candidateIds: Float64Array.from(rows, ({ candidate_id }) => candidate_id),
      x,
      fx: Float64Array.from(rows, ({ fx }) => fx ?? NaN),
      startedAt: Float64Array.from(rows, ({ started_at }) => started_at),
      durationMs: Float64Array.from(rows, ({ duration_ms }) => duration_ms),
      attempts: Uint8Array.from(rows, ({ attempts }) => attempts),
      counted: Uint8Array.from(rows, ({ counted }) => counted),
      worker: Uint16Array.from(rows, ({ worker }) => workers.indexOf(worker)),
      workers,
      notes: rows.flatMap(({ error, violation, extras }, row) =>
        error === null && violation === null && extras === null
          ? []
          : [
              {
                row,
                ...(error === null ? {} : { error }),
                ...(violation === null ? {} : { violation }),
                ...(extras === null ? {} : { extras: JSON.parse(extras) as JsonObject }),
              },
            ],
      ),
      status: (row) => rows[row]!.status,
    };
  }
}
