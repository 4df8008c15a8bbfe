/** Of the protocol in `docs/protocol.md`. */
export const WORKER_PROTOCOL: number = 1;

/** The longest line that a worker may write. */
export const LONGEST_LINE: number = 64 * 1024 * 1024;

/** What a worker is told first. */
export interface WorkerStart {
  readonly names: readonly string[];
  /** The run's. */
  readonly seed: number;
  readonly wantsGradient: boolean;
}

/** One point that a worker is asked for. */
export interface WorkerRequest {
  readonly id: number;
  /** In task units. */
  readonly x: Float64Array;
  /** Of this evaluation alone. */
  readonly seed: number;
  /** `Infinity` when every value matters. */
  readonly cutoff: number;
}

/** What a worker said that it can do. */
export interface WorkerAbilities {
  /** It takes many points in one line. */
  readonly batch: boolean;
  /** It is told when an evaluation is given up, and ends that then. */
  readonly cancel: boolean;
  /** It says something at least so often, whatever it does. */
  readonly heartbeatSeconds?: number;
  /** How lists of numbers are sent to it. */
  readonly encoding: 'json' | 'base64';
}

/** What a worker answered for one point. */
export interface WorkerReply {
  readonly id: number;
  /** How long it took, if the worker says so. */
  readonly seconds?: number | undefined;
  /** As a function of a module would have returned it, see `outcomeOf`; it may be anything. */
  readonly returned: unknown;
}

/** A line of a worker, read. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly abilities: WorkerAbilities }
  /** It cannot start, and says why. */
  | { readonly kind: 'unfit'; readonly message: string }
  | { readonly kind: 'beat' }
  | { readonly kind: 'replies'; readonly replies: readonly WorkerReply[] };
