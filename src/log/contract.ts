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
  /** Which of the configuration's optimizers it is, from 0; -1: none of them. @default -1 */
  readonly place?: number;
}

/** An optimizer as the log has it. */
export interface LoggedOptimizer extends Required<OptimizerStart> {
  /** Of its algorithm; `null` when it never ran. */
  readonly version: number | null;
  /** How many points it asked for at once when it began to run; `null` when it never ran, or an earlier glompo wrote the log. */
  readonly batchSize: number | null;
  readonly status: OptimizerStatus;
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
  /** 1: it uses the budget. */
  readonly counted: Uint8Array;
  readonly worker: Uint16Array;
  readonly workers: readonly string[];
  readonly notes: readonly RowNote[];
  status(row: number): EvaluationStatus;
}

/** What most rows do not have. Notes are ascending by row. */
interface RowNote {
  readonly row: number;
  readonly error?: string;
  readonly violation?: number;
  readonly extras?: JsonObject;
}

export interface BatchCommit {
  readonly optimizerId: number;
  /** The rows get this call id and those after it, without a gap. */
  readonly firstCallId: number;
  readonly rows: LoggedRows;
  readonly operations: Uint8Array;
  /** The optimizer after these operations, see `backends/saved-optimizer.ts`. */
  readonly snapshot?: Uint8Array;
  /** Whether what came before the snapshot cannot be replayed any more. @default false */
  readonly isPinned?: boolean;
}

/** What one optimizer did since its last snapshot, its evaluations in the order of their calls, one array a column. */
export interface LoggedPast {
  /** Where this begins; at its start when not given. */
  readonly snapshot?: Uint8Array;
  /** The last call in the log then; 0 at its start. */
  readonly snapshotCall: number;
  /** What came before the snapshot cannot be replayed. */
  readonly isPinned: boolean;
  /** Its journal from there on. */
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
  /** 0: its value was known. */
  readonly attempts: Uint8Array;
  /** By row: few have any. */
  readonly extras: ReadonlyMap<number, JsonObject>;
  /** Any evaluation of the run: all parameters in task units. */
  point(this: void, callId: number): { readonly x: Float64Array; readonly fx: number } | undefined;
}

/** Evaluations of a round that is under way, and what else their optimizer did. */
export type Arrival = Pick<BatchCommit, 'optimizerId' | 'rows' | 'operations' | 'snapshot'>;

/** What of one optimizer a round has brought. */
export interface Arrived {
  readonly optimizerId: number;
  readonly rows: number;
  /** How many of them use the budget. */
  readonly counted: number;
}

/** Evaluations that have a value of their own, in the order of their calls, one array a column. */
export interface LoggedKnown {
  /** The last call that was looked at. */
  readonly upTo: number;
  readonly callIds: Float64Array;
  /** All parameters of each, in task units. */
  readonly x: Float64Array;
  readonly fx: Float64Array;
  /** 0: feasible. */
  readonly violations: Float64Array;
  /** By row: few have any. */
  readonly extras: ReadonlyMap<number, JsonObject>;
}

/** Why a checkpoint was made. */
export type CheckpointReason = 'start' | 'seconds' | 'evaluations' | 'end' | 'request' | 'job-limit';

/** A mark in the log by which a run can be continued from there. */
export interface Checkpoint {
  readonly name: string;
  /** The last call in the log then. */
  readonly callId: number;
  readonly at: number;
  readonly reason: CheckpointReason;
}

/** An evaluation of the log, as those see it who follow a run from its beginning. */
export interface PastEvaluation {
  readonly callId: number;
  readonly optimizerId: number;
  readonly candidateId: number;
  /** `NaN` where there is no value. */
  readonly fx: number;
  readonly status: EvaluationStatus;
  readonly isCounted: boolean;
  /** 0: feasible. */
  readonly violation: number;
  readonly error: string | undefined;
  readonly extras: JsonObject | undefined;
  /** All parameters in task units. */
  x(this: void): Float64Array;
  /** When it ended, in milliseconds since the Unix epoch, by the clock of where it ran. */
  at(this: void): number;
}

/** All that happened in a run, in order. */
export interface LoggedRun {
  facts(): JsonObject;
  optimizers(): readonly LoggedOptimizer[];
  checkpoints(): readonly Checkpoint[];
  /** By call, and of one call as they were logged. */
  events(): readonly LoggedEvent[];
  /** By call, those after `from` (default 0: all). */
  evaluations(from?: number): Iterable<PastEvaluation>;
  /** Any evaluation: all parameters in task units, and its value. */
  point(callId: number): { readonly x: Float64Array; readonly fx: number } | undefined;
  /** What the round that is under way has brought so far, by optimizer. */
  arrived(): readonly Arrived[];
  /** The last call of every batch, ascending. */
  batchEnds(): Iterable<number>;
}

/** The run log as the manager writes it. Every call has returned when what it was given would survive a `kill -9`. */
export interface RunLog extends LoggedRun {
  startOptimizer(start: OptimizerStart): void;
  /** What only its host knows of an optimizer: its algorithm's version, and how many points it asks for at once when it begins to run. */
  setReady(optimizerId: number, version: number, batchSize: number): void;
  /** One transaction. */
  commit(batch: BatchCommit): void;
  /** Keeps what arrives in a round: it is numbered when that is complete. One transaction. */
  arrive(arrival: Arrival): void;
  /** Numbers all that arrived, by optimizer and candidate: the first gets `firstCallId`. */
  settleRound(firstCallId: number): void;
  endOptimizer(end: OptimizerEnd): void;
  /** Optimizers that ended only since their run did go on. */
  reviveOptimizers(optimizerIds: readonly number[]): void;
  /** @param skip how many of its latest snapshots are not to be used: its past is then told from an earlier one. @default 0 */
  past(optimizerId: number, skip?: number): LoggedPast;
  /** Evaluations after a call, among the `most` latest, whose values were not known before. */
  known(after: number, most: number): LoggedKnown;
  /** @param keep how many checkpoints of this reason are kept, the latest ones */
  checkpoint(checkpoint: Checkpoint, keep: number): void;
  /** All that `write` writes survives, or nothing of it. */
  atomically(write: () => void): void;
  event(event: LoggedEvent): void;
  /** Sets facts of the run: `status`, `stopReason`, `sessionSeconds`, …. */
  set(facts: JsonObject): void;
  /** Folds the log into one plain file. Nothing may be written after it. */
  close(): void;
}
