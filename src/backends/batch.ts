import type { Json } from '../core/json.ts';
import type { EvaluationStatus, Outcome } from '../tasks/contract.ts';

/** Statuses by their code on the wire. */
const STATUSES = ['ok', 'failed', 'timeout', 'cancelled', 'censored'] as const;
const CODES = new Map<EvaluationStatus, number>(STATUSES.map((status, code) => [status, code]));

/** What most evaluations do not have. */
interface RowNote {
  /** Which row of the batch this belongs to. */
  readonly row: number;
  readonly error?: string;
  readonly violation?: number;
  readonly extras?: Readonly<Record<string, Json>>;
}

/** Finished evaluations, one array a column, in the order in which they finished: cheap to clone into another thread or process. */
export interface RowBatch {
  readonly count: number;
  readonly candidateIds: Float64Array;
  /** `count` points one after the other: all parameters, in task units. */
  readonly x: Float64Array;
  /** `NaN` where there is no value. */
  readonly fx: Float64Array;
  /** Codes; see `statusOf`. */
  readonly status: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: Float64Array;
  readonly durationMs: Float64Array;
  readonly attempts: Uint8Array;
  /** 1: it used a credit. */
  readonly counted: Uint8Array;
  /** Who evaluated it: an index into `workers`. */
  readonly worker: Uint16Array;
  readonly workers: readonly string[];
  /** Ascending by row. */
  readonly notes: readonly RowNote[];
}

export function statusOf(batch: RowBatch, row: number): EvaluationStatus {
  return STATUSES[batch.status[row]!]!;
}

/** How many of a batch used credits. */
export function countedOf({ counted }: RowBatch): number {
  let count = 0;
  for (const one of counted) count += one;
  return count;
}

/** One evaluation that ended. */
export interface Finished {
  readonly candidateId: number;
  /** All parameters, in task units. */
  readonly x: Float64Array;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly attempts: number;
  readonly worker: string;
  /** It used no credit: its value was known. @default false */
  readonly isFree?: boolean;
  /** Nobody had begun it when it was given up: it is no evaluation, has no row in the log, and its credit is free again. @default false */
  readonly isUnbegun?: boolean;
}

/** The notes of one row, if it has any. */
function noteOf(row: number, { error, violation, extras }: Outcome): RowNote | undefined {
  if (error === undefined && !violation && extras === undefined) return undefined;
  return {
    row,
    ...(error === undefined ? {} : { error }),
    ...(violation ? { violation } : {}),
    ...(extras === undefined ? {} : { extras }),
  };
}

/** The numbers of some rows, with `x` as so many columns in one. */
type Columns = Pick<
  RowBatch,
  'candidateIds' | 'fx' | 'startedAt' | 'durationMs' | 'x' | 'worker' | 'status' | 'attempts' | 'counted'
>;

/** @param size how many parameters a point has */
function columnsFor(count: number, size: number): Columns {
  // In one piece of memory, which is sent as one; the widest numbers first, so that each column is aligned.
  const buffer = new ArrayBuffer(count * (8 * (4 + size) + 2 + 3));
  const floats = (at: number, length: number): Float64Array =>
    new Float64Array(buffer, 8 * at * count, length);
  const bytes = (at: number): Uint8Array => new Uint8Array(buffer, (8 * (4 + size) + 2 + at) * count, count);
  return {
    candidateIds: floats(0, count),
    fx: floats(1, count),
    startedAt: floats(2, count),
    durationMs: floats(3, count),
    x: floats(4, count * size),
    worker: new Uint16Array(buffer, 8 * (4 + size) * count, count),
    status: bytes(0),
    attempts: bytes(1),
    counted: bytes(2),
  };
}

/** Copies the first `count` rows. */
function copyColumns(from: Columns, to: Columns, count: number, size: number): void {
  to.candidateIds.set(from.candidateIds.subarray(0, count));
  to.fx.set(from.fx.subarray(0, count));
  to.startedAt.set(from.startedAt.subarray(0, count));
  to.durationMs.set(from.durationMs.subarray(0, count));
  to.x.set(from.x.subarray(0, count * size));
  to.worker.set(from.worker.subarray(0, count));
  to.status.set(from.status.subarray(0, count));
  to.attempts.set(from.attempts.subarray(0, count));
  to.counted.set(from.counted.subarray(0, count));
}

const FIRST_CAPACITY = 64;

/**
 * Gathers evaluations for a batch. Each is packed as it comes, not when the batch is sent: thousands of objects that wait for that are what
 * makes collecting garbage expensive.
 */
export class RowGatherer {
  readonly #size: number;
  #capacity = 0;
  #columns: Columns;
  #count = 0;
  #workers: string[] = [];
  #notes: RowNote[] = [];

  /** @param size how many parameters a point has */
  constructor(size: number) {
    this.#size = size;
    this.#columns = columnsFor(0, size);
  }

  get count(): number {
    return this.#count;
  }

  add(one: Finished): void {
    if (this.#count === this.#capacity) this.#grow();
    const row = this.#count++;
    const columns = this.#columns;
    const { outcome, x } = one;
    columns.candidateIds[row] = one.candidateId;
    columns.x.set(x, row * this.#size);
    columns.fx[row] = outcome.fx;
    columns.status[row] = CODES.get(outcome.status)!;
    columns.startedAt[row] = one.startedAt;
    columns.durationMs[row] = one.durationMs;
    columns.attempts[row] = one.attempts;
    columns.counted[row] = one.isFree ? 0 : 1;
    let worker = this.#workers.indexOf(one.worker);
    if (worker < 0) worker = this.#workers.push(one.worker) - 1;
    columns.worker[row] = worker;
    const note = noteOf(row, outcome);
    if (note) this.#notes.push(note);
  }

  #grow(): void {
    this.#capacity = Math.max(FIRST_CAPACITY, 2 * this.#capacity);
    const larger = columnsFor(this.#capacity, this.#size);
    copyColumns(this.#columns, larger, this.#count, this.#size);
    this.#columns = larger;
  }

  /** All since the last call. */
  take(): RowBatch {
    const count = this.#count;
    const columns = columnsFor(count, this.#size);
    copyColumns(this.#columns, columns, count, this.#size);
    const batch = { ...columns, count, workers: this.#workers, notes: this.#notes };
    this.#count = 0;
    this.#workers = [];
    this.#notes = [];
    return batch;
  }
}
