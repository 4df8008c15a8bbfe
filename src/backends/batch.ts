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

/**
 * @param size how many parameters a point has
 * @returns columns that share one `buffer`, so that another thread can be given them without a copy
 */
export function packRows(finished: readonly Finished[], size: number): RowBatch {
  const count = finished.length;
  const workers: string[] = [];
  const notes: RowNote[] = [];
  // The widest numbers first, so that each column is aligned.
  const buffer = new ArrayBuffer(count * (8 * (4 + size) + 2 + 3));
  const floats = (at: number, length: number): Float64Array =>
    new Float64Array(buffer, 8 * at * count, length);
  const bytes = (at: number): Uint8Array => new Uint8Array(buffer, (8 * (4 + size) + 2 + at) * count, count);
  const batch = {
    count,
    candidateIds: floats(0, count),
    fx: floats(1, count),
    startedAt: floats(2, count),
    durationMs: floats(3, count),
    x: floats(4, count * size),
    worker: new Uint16Array(buffer, 8 * (4 + size) * count, count),
    status: bytes(0),
    attempts: bytes(1),
    counted: bytes(2),
    workers,
    notes,
  };
  for (let row = 0; row < count; row++) {
    const one = finished[row]!;
    batch.candidateIds[row] = one.candidateId;
    batch.x.set(one.x, row * size);
    batch.fx[row] = one.outcome.fx;
    batch.status[row] = CODES.get(one.outcome.status)!;
    batch.startedAt[row] = one.startedAt;
    batch.durationMs[row] = one.durationMs;
    batch.attempts[row] = one.attempts;
    batch.counted[row] = one.isFree ? 0 : 1;
    let worker = workers.indexOf(one.worker);
    if (worker < 0) worker = workers.push(one.worker) - 1;
    batch.worker[row] = worker;
    const note = noteOf(row, one.outcome);
    if (note) notes.push(note);
  }
  return batch;
}
