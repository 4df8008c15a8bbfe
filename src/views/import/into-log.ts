import type { JsonObject } from '../../core/json.ts';
import type { LoggedRows } from '../../log/contract.ts';
import type { LoggedEvaluation } from '../../log/reader.ts';
import { SqliteLog } from '../../log/sqlite-log.ts';

/** So many are one transaction, of however many optimizers. */
const ROWS_AT_ONCE = 1000;
const NO_OPERATIONS = new Uint8Array();

interface Optimizer {
  endedAt: number;
}

/** Makes a run log of evaluations that are not a run's own: they come one by one, and get the call ids 1, 2, 3, …. */
export class ImportedLog implements Disposable {
  readonly #log: SqliteLog;
  readonly #size: number;
  readonly #reason: string;
  readonly #importedAt: number;
  readonly #optimizers = new Map<number, Optimizer>();
  /** Not yet in the log. */
  #waiting: LoggedEvaluation[] = [];
  #count = 0;
  #startedAt = Infinity;

  /**
   * @param size how many parameters a point has
   * @param reason why all its optimizers ended: `imported from old.csv`
   * @throws {CodedError} `log-unusable`
   */
  constructor(file: string, size: number, reason: string, importedAt: number) {
    this.#log = new SqliteLog(file, size);
    this.#size = size;
    this.#reason = reason;
    this.#importedAt = importedAt;
  }

  get optimizers(): number {
    return this.#optimizers.size;
  }

  add(evaluation: LoggedEvaluation): void {
    this.#waiting.push(evaluation);
    if (this.#waiting.length === ROWS_AT_ONCE) this.#flush();
  }

  #flush(): void {
    this.#log.atomically(() => {
      let begin = 0;
      for (const [i, { optimizerId }] of this.#waiting.entries()) {
        if (this.#waiting[i + 1]?.optimizerId === optimizerId) continue;
        this.#commit(optimizerId, this.#waiting.slice(begin, i + 1));
        begin = i + 1;
      }
    });
    this.#waiting = [];
  }

  #commit(optimizerId: number, evaluations: readonly LoggedEvaluation[]): void {
    const optimizer = this.#optimizers.get(optimizerId) ?? this.#start(evaluations[0]!);
    for (const { startedAt, durationMs } of evaluations) {
      if (startedAt === 0) continue;
      this.#startedAt = Math.min(this.#startedAt, startedAt);
      optimizer.endedAt = Math.max(optimizer.endedAt, startedAt + durationMs);
    }
    this.#log.commit({
      optimizerId,
      firstCallId: this.#count + 1,
      rows: rowsOf(evaluations, this.#size),
      operations: NO_OPERATIONS,
    });
    this.#count += evaluations.length;
  }

  #start({ optimizerId, optimizerType, startedAt }: LoggedEvaluation): Optimizer {
    const optimizer = { endedAt: 0 };
    this.#optimizers.set(optimizerId, optimizer);
    this.#log.startOptimizer({
      optimizerId,
      type: optimizerType,
      options: {},
      workers: 1,
      start: new Float64Array(),
      startedAt: startedAt || this.#importedAt,
      startedAfterCall: this.#count,
    });
    return optimizer;
  }

  /** Nothing may be added after it. @param facts what else is known of the run */
  finish(facts: JsonObject): void {
    this.#flush();
    let endedAt = 0;
    for (const [optimizerId, optimizer] of this.#optimizers) {
      endedAt = Math.max(endedAt, optimizer.endedAt);
      this.#log.endOptimizer({
        optimizerId,
        status: 'stopped',
        reason: this.#reason,
        endedAt: optimizer.endedAt || this.#importedAt,
      });
    }
    this.#log.set({
      ...facts,
      status: 'finished',
      stopReason: this.#reason,
      startedAt: endedAt === 0 ? this.#importedAt : this.#startedAt,
      endedAt: endedAt || this.#importedAt,
    });
    this.#log.close();
  }

  [Symbol.dispose](): void {
    this.#log.close();
  }
}

function rowsOf(evaluations: readonly LoggedEvaluation[], size: number): LoggedRows {
  const x = new Float64Array(evaluations.length * size);
  for (const [row, evaluation] of evaluations.entries()) x.set(evaluation.x, row * size);
  const workers = [...new Set(evaluations.map(({ worker }) => worker))];
  const places = new Map(workers.map((worker, place) => [worker, place]));
  return {
    count: evaluations.length,
    candidateIds: Float64Array.from(evaluations, ({ candidateId }) => candidateId),
    x,
    fx: Float64Array.from(evaluations, ({ fx }) => fx ?? NaN),
    startedAt: Float64Array.from(evaluations, ({ startedAt }) => startedAt),
    durationMs: Float64Array.from(evaluations, ({ durationMs }) => durationMs),
    attempts: Uint8Array.from(evaluations, ({ attempts }) => attempts),
    counted: Uint8Array.from(evaluations, ({ counted }) => (counted ? 1 : 0)),
    worker: Uint16Array.from(evaluations, ({ worker }) => places.get(worker)!),
    workers,
    notes: evaluations.flatMap(noteOf),
    status: (row) => evaluations[row]!.status,
  };
}

function noteOf(
  { error, violation, extras }: LoggedEvaluation,
  row: number,
): LoggedRows['notes'][number] | readonly [] {
  if (error === null && violation === null && extras === null) return [];
  return {
    row,
    ...(error === null ? {} : { error }),
    ...(violation === null ? {} : { violation }),
    ...(extras === null ? {} : { extras }),
  };
}
