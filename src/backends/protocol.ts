import type { ErrorFacts } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { CustodyTicket } from '../processes/custody.ts';
import type { StopReason } from '../optimizers/contract.ts';
import type { Parameter } from '../space/parameter.ts';
import type { FailurePolicy, TaskSpec } from '../tasks/contract.ts';
import type { RowBatch } from './batch.ts';
import type { OptimizerPast } from './rebuild.ts';
import type { IdleTime } from './idle-time.ts';

/** Raised with every change of these messages; both ends must speak the same one. */
export const PROTOCOL_VERSION = 11;

/** Where an optimizer's points are evaluated, and by how many at once. */
export interface EvaluatorSpec {
  readonly kind: 'inline' | 'threads' | 'processes' | 'cluster';
  readonly workers: number;
  /** How often a point is tried again when its worker dies under it. */
  readonly retries: number;
  /** How long one evaluation may take; as long as it likes when not given. */
  readonly timeoutSeconds?: number;
  /** On other machines: where there are more points than slots, those of a higher priority go first. @default 0 */
  readonly priority?: number;
}

/** All that a host needs to run one optimizer: inert data. */
export interface HostAssignment {
  /** Who the host is, for the log: `process 4711`. */
  readonly worker: string;
  /** What it needs to start processes that do not outlive the run. */
  readonly custody?: CustodyTicket;
  /** An absolute path: below it are the work directories of programs. */
  readonly workRoot?: string;
  readonly optimizerId: number;
  readonly optimizer: {
    readonly type: string;
    readonly options: JsonObject;
    /** As the configuration has them: `evaluator` may have fewer, on which no point may depend. */
    readonly workers: number;
  };
  /** Modules that may bring the optimizer along. */
  readonly plugins: readonly string[];
  /** A point of the unit box. */
  readonly start: Float64Array;
  /** The run's seed: the optimizer's stream and the tasks' seeds are derived from it and the ids. */
  readonly seed: number;
  readonly parameters: readonly Parameter[];
  /** Comparisons that must hold of a point for it to be evaluated. */
  readonly constraints: readonly string[];
  readonly task: TaskSpec;
  readonly onFailure: FailurePolicy;
  readonly evaluator: EvaluatorSpec;
  /**
   * `free`: it goes on as values come; `rounds`: as told by `Control.round`, so that what it asks for does not depend on how long
   * evaluations take.
   */
  readonly pace: 'free' | 'rounds';
  /** What the optimizer did already, in a host that is gone. */
  readonly past?: OptimizerPast;
  /** Points that are known are not evaluated again; all are when not given. */
  readonly cache?: CacheSetup;
}

/** Evaluations with a value, in the order of their calls, one array a column. */
export interface KnownRows {
  readonly callIds: Float64Array;
  /** All parameters of each, in task units. */
  readonly x: Float64Array;
  readonly fx: Float64Array;
  /** 0: feasible. */
  readonly violations: Float64Array;
  /** By row: few have any. */
  readonly extras: ReadonlyMap<number, JsonObject>;
}

/** How a host uses values that are known, and what is known when it starts. */
export interface CacheSetup {
  /** How near a known point must be, as a part of the unit box's width in every coordinate; 0: the same. */
  readonly tolerance: number;
  /** Whether a known point uses a credit as others do. */
  readonly charge: boolean;
  /** So many known points in a row end the optimizer. */
  readonly maxHitsInARow: number;
  readonly known: KnownRows;
}

/** A point that somebody else found. */
export interface Injection {
  readonly callId: number;
  /** All parameters, in task units. */
  readonly x: Float64Array;
  readonly fx: number;
}

/** One round of a reproducible run. */
export interface Round {
  /** 1, 2, 3, … */
  readonly number: number;
  /** How many evaluations the optimizer makes in it, unless it stops before. */
  readonly quota: number;
  /** Shown to it before it begins. */
  readonly injections: readonly Injection[];
  /** With a cache: what was evaluated since the round before began here, or since the optimizer was assigned. */
  readonly known?: KnownRows;
}

/**
 * What the manager wants of a host, as totals since its start. Such a message may be lost, repeated or overtaken and does no harm:
 * every number only grows, and the next message says all of it again.
 */
export interface Control {
  /** Credits handed out so far. */
  readonly granted: number;
  /** Raised when all credits not in use are to come back. */
  readonly revocation: number;
  /** The last batch that is in the log. */
  readonly acknowledged: number;
  /** `drain`: start nothing more and end when nothing runs; `cancel`: also give up what runs. */
  readonly finish: 'no' | 'drain' | 'cancel';
  /** Raised when a snapshot of the optimizer is wanted. */
  readonly save: number;
  /** In `rounds`, the one that is under way. */
  readonly round?: Round;
}

export type ManagerMessage =
  | { readonly type: 'assign'; readonly protocol: number; readonly assignment: HostAssignment }
  | ({ readonly type: 'control' } & Control)
  | ({ readonly type: 'inject' } & Injection)
  /** Evaluations that the host may not know of; with a cache only. One that is lost costs a hit. */
  | { readonly type: 'known'; readonly rows: KnownRows };

/** Why a host has nothing more to do. */
export type HostEnd =
  | { readonly kind: 'converged'; readonly reason: StopReason }
  /** It was asked to finish. */
  | { readonly kind: 'finished' }
  /** The optimizer or the host broke; finished evaluations are in the batch all the same. */
  | { readonly kind: 'failed'; readonly error: ErrorFacts };

/** What happened in a host since its last batch. */
export interface HostBatch {
  /** 1, 2, 3, …: a repeated one is recognized. */
  readonly sequence: number;
  readonly rows: RowBatch;
  /** The optimizer's journal, see `optimizers/journal.ts`. */
  readonly operations: Uint8Array;
  /** Credits returned unused since the start. */
  readonly returned: number;
  /** The last revocation that was followed. */
  readonly revocation: number;
  /** Of the optimizer's workers since the start. */
  readonly idle: IdleTime;
  /** The optimizer after these operations, see `saved-optimizer.ts`: now and then, and when it was asked for. */
  readonly snapshot?: Uint8Array;
  /** The last request for a snapshot that was followed. */
  readonly saved: number;
  /** How long evaluations waited from their end until the host knew that they are in the log, of those acknowledged since the last batch: counts of `DurationCounts`. */
  readonly acknowledgedAfter?: Uint32Array;
  /** Set in the last batch. */
  readonly end?: HostEnd;
}

export type HostMessage =
  /** The first message: the channel works. */
  | { readonly type: 'hello'; readonly protocol: number }
  /** The task is loaded and the optimizer made. */
  | {
      readonly type: 'ready';
      readonly batchSize: number;
      /** Of the algorithm. */
      readonly version: number;
    }
  | { readonly type: 'batch'; readonly batch: HostBatch }
  /** It says nothing for a while, as its optimizer chooses points; of optimizers alone that are slow at it. */
  | { readonly type: 'computing'; readonly isOver: boolean }
  /** The process in which its optimizer thinks is gone, and it waits for its end: another host may go on from the log. */
  | { readonly type: 'broken'; readonly cause: string };
