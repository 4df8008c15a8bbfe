import type { JsonObject } from '../core/json.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';

/** `decision`: part of the reproducible record; `operational`: what merely happened (a crash, a resume, a timing). */
export type EventKind = 'decision' | 'operational';

export interface LoggedEvent {
  /** The last call that was in the log when it happened. */
  readonly callId: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly kind: EventKind;
  readonly type: string;
  readonly optimizerId: number | null;
  /** One line for people. */
  readonly message: string;
  readonly data: JsonObject;
}

export type OptimizerStatus = 'running' | 'converged' | 'killed' | 'stopped' | 'crashed';

export interface OptimizerStart {
  readonly optimizerId: number;
  readonly type: string;
  readonly options: JsonObject;
  readonly workers: number;
  /** A point of the unit box. */
  readonly start: Float64Array;
  readonly startedAt: number;
  /** The last call that was in the log when it started. */
  readonly startedAfterCall: number;
}

export interface OptimizerEnd {
  readonly optimizerId: number;
  readonly status: Exclude<OptimizerStatus, 'running'>;
  readonly reason: string;
  readonly endedAt: number;
}

/** Rows as columns, as `backends/batch.ts` packs them; the log needs no more than this of it. */
export interface LoggedRows {
  readonly count: number;
  readonly candidateIds: Float64Array;
  readonly x: Float64Array;
  readonly fx: Float64Array;
  readonly startedAt: Float64Array;
  readonly durationMs: Float64Array;
  readonly attempts: Uint8Array;
  readonly worker: Uint16Array;
  readonly workers: readonly string[];
  readonly notes: readonly {
    readonly row: number;
    readonly error?: string;
    readonly violation?: number;
    readonly extras?: JsonObject;
    /** Whether it used the budget. @default true */
    readonly counted?: boolean;
  }[];
  status(row: number): EvaluationStatus;
}

export interface BatchCommit {
  readonly optimizerId: number;
  /** The rows get this call id and those after it, without a gap. */
  readonly firstCallId: number;
  readonly rows: LoggedRows;
  readonly operations: Uint8Array;
}

/** What one optimizer did, its evaluations in the order of their calls, one array a column. */
export interface LoggedPast {
  /** Its journal, from its start on. */
  readonly operations: Uint8Array;
  readonly callIds: Float64Array;
  readonly candidateIds: Float64Array;
  /** All parameters of each, in task units. */
  readonly x: Float64Array;
  /** `NaN` where there is no value. */
  readonly fx: Float64Array;
  readonly statuses: readonly EvaluationStatus[];
  /** 0: feasible. */
  readonly violations: Float64Array;
  /** Any evaluation of the run: all parameters in task units. */
  point(this: void, callId: number): { readonly x: Float64Array; readonly fx: number } | undefined;
}

/** The run log as the manager writes it. Every call has returned when what it was given would survive a `kill -9`. */
export interface RunLog {
  startOptimizer(start: OptimizerStart): void;
  /** One transaction. */
  commit(batch: BatchCommit): void;
  endOptimizer(end: OptimizerEnd): void;
  past(optimizerId: number): LoggedPast;
  event(event: LoggedEvent): void;
  /** Sets facts of the run: `status`, `stopReason`, `sessionSeconds`, …. */
  set(facts: JsonObject): void;
  /** Folds the log into one plain file. Nothing may be written after it. */
  close(): void;
}
