import type { JsonObject } from '../../core/json.ts';

/** Raised with every change of what managers and workers say to each other; both must speak the same one. */
export const CLUSTER_PROTOCOL = 1;

/** Where the engine is, and who one is there. Secrets are read from files or the environment, never from arguments. */
export interface ClusterConnection {
  /** `nats://host:4222`, `tls://host:4222`; several for a cluster of servers. */
  readonly servers: readonly string[];
  readonly token?: string | undefined;
  /** A file of credentials as `nsc` makes them (JWT and seed). */
  readonly credentialsFile?: string | undefined;
  /** A file with the seed of an nkey. */
  readonly nkeyFile?: string | undefined;
  readonly tls?:
    | {
        readonly caFile?: string | undefined;
        readonly certFile?: string | undefined;
        readonly keyFile?: string | undefined;
      }
    | undefined;
}

/** A worker machine or process, as the manager knows it. */
export interface ClusterWorker {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  /** Jobs of it that came back. */
  readonly jobs: number;
  /** Pieces of work that were in them, as their desks counted. */
  readonly units: number;
  /** Milliseconds since the Unix epoch. */
  readonly joinedAt: number;
  readonly seenAt: number;
}

/** What happened among the workers, for the log and the views. */
export type ClusterEvent =
  | { readonly kind: 'joined'; readonly worker: ClusterWorker }
  /** It said that it goes; its jobs are done or handed back. */
  | { readonly kind: 'left'; readonly worker: ClusterWorker }
  /** It was not heard of for too long; its jobs go to others. */
  | { readonly kind: 'lost'; readonly worker: ClusterWorker }
  | { readonly kind: 'refused'; readonly host: string; readonly differences: readonly string[] }
  /** So many jobs were given to another worker, or to the same one once more. */
  | { readonly kind: 'redelivered'; readonly jobs: number }
  /** The engine takes no job, and is asked again. */
  | { readonly kind: 'full'; readonly why: string }
  /** The engine has lost jobs, which go in again. */
  | { readonly kind: 'emptied' }
  /** The engine is gone; it is there again, or has all that it had lost. */
  | { readonly kind: 'disconnected' | 'reconnected' };

export interface OfficeOptions {
  readonly connection: ClusterConnection;
  /** In every subject: nobody takes another run's jobs. Up to 100 letters, digits, - and _. */
  readonly runId: string;
  /** Raised with each session of a run: what was asked for in an earlier one is not taken any more. */
  readonly epoch: number;
  /** Whether a worker that says this of itself may have jobs: what it is told then, or in what it differs. */
  readonly admit: (
    facts: JsonObject,
  ) => { readonly welcome: JsonObject } | { readonly differences: readonly string[] };
  readonly onEvent: (event: ClusterEvent) => void;
}

/**
 * The manager's end: jobs go into the engine, no more than about twice as many as there are slots, by priority and each desk's in turn, and each comes back once,
 * whatever happens to workers, connections and the engine in between.
 */
export interface JobOffice extends AsyncDisposable {
  /** Of all workers that are there. */
  readonly slots: number;
  readonly workers: readonly ClusterWorker[];
  readonly counts: {
    /** How often a worker was lost. */
    readonly lost: number;
    /** How often a job was given away again. */
    readonly redelivered: number;
    /** Answers that nobody waited for any more: of a job that was done twice, or told twice, or withdrawn just before. */
    readonly duplicates: number;
  };
  open(): JobDesk;
}

/** Of one optimizer, or one map: desks have their turns, so that one with many jobs does not keep others waiting. */
export interface JobDesk extends Disposable {
  /**
   * Has a job done by any worker.
   *
   * @param payload what only those who made it and who do it look into
   * @param signal aborted to withdraw it: a worker that is at it is told at once, and gives it up
   * @returns the worker's answer
   * @throws {WorkerLostError} when it was withdrawn (blameless, if no worker had taken it up), when three workers died under it or could not
   *   do it, when it or its answer is larger than the engine takes, or when the office was closed
   */
  run(payload: Uint8Array, signal: AbortSignal, options?: JobOptions): Promise<Uint8Array>;
}

export interface JobOptions {
  /** Called when a worker takes it up, again when another one does. */
  readonly onBegun?: ((worker: string) => void) | undefined;
  /** How many pieces of work it has, for the worker's account. @default 1 */
  readonly units?: number | undefined;
  /** Of the jobs that wait, of all desks, those of the highest priority go first; desks have their turns among equal ones. @default 0 */
  readonly priority?: number | undefined;
}

export interface AgentOptions {
  /**
   * Asked for whenever there is no connection: a new session of the run may be elsewhere. Nothing while it is not known; and nothing again when the
   * run is over, for those who were not told in time.
   */
  readonly connection: () => Promise<
    | {
        readonly connection: ClusterConnection;
        readonly runId: string;
      }
    | undefined
  >;
  readonly slots: number;
  /** What it says of itself: a fingerprint of what it runs. */
  readonly facts: JsonObject;
  /** Called when it was let in, with what the manager tells; again by each session of the run. */
  readonly onWelcome: (welcome: JsonObject) => Promise<void> | void;
  /**
   * Does a job. In a process or thread of its own: what blocks this one's event loop keeps it from being heard of.
   *
   * @param slot from 0; one job at a time in each: it has no other before this one is at its end, also when it was aborted
   * @param signal aborted when nobody wants the answer any more: what it throws then, or gives, goes nowhere
   * @throws when it cannot do the job, for no fault of the job's: another worker tries, and its slot waits for a while; the job is given up after three
   *   workers, or when all that are there have tried, five times
   */
  readonly perform: (payload: Uint8Array, slot: number, signal: AbortSignal) => Promise<Uint8Array>;
  /** How long it stays when there is no manager: gone, or not there yet. @default 10 */
  readonly lingerSeconds?: number | undefined;
  /** Told what happens, in a line. */
  readonly onMessage: (message: string) => void;
}

/** Why a worker has nothing more to do. */
export type AgentEnd =
  /** Its run is over, and the manager said so. */
  | { readonly kind: 'over' }
  /** The manager was not to be reached for as long as it may linger. */
  | { readonly kind: 'alone' }
  | { readonly kind: 'refused'; readonly differences: readonly string[] }
  /** It was asked to go. */
  | { readonly kind: 'drained' };

/** The workers' end: takes jobs for its slots, does them, and tells what came of them until the manager says that it knows. */
export interface Agent {
  /** Resolves when it has nothing more to do and is gone from the engine; rejects with what `onWelcome` threw, or when the engine does not take its facts. */
  readonly ended: Promise<AgentEnd>;
  /** Takes no more jobs; those that it has are finished, or handed back after `graceSeconds`. */
  drain(graceSeconds: number): void;
}
