import type { JsonObject } from '../core/json.ts';
import type { EventKind, LoggedEvent, OptimizerEnd } from '../log/contract.ts';

/** What happens in a run: sent out on `events$`, and all but `incumbent` logged, since that is in the evaluations already. */
export type ManagerEvent =
  | Described<'decision', 'run-started', { readonly seed: number }>
  | Described<'decision', 'warm-start', WarmStartEvent>
  | Described<'decision', 'optimizer-started', { readonly optimizer: string; readonly workers: number }>
  | Described<
      'decision',
      'optimizer-chosen',
      { readonly optimizer: string; readonly place: number; readonly options: JsonObject }
    >
  | Described<'decision', 'incumbent', { readonly fx: number; readonly violation: number }>
  | Described<'decision', 'hunt', HuntEvent>
  | Described<'decision', 'kill', { readonly explanation: string }>
  | Described<
      'decision',
      'inject',
      { readonly callId: number; readonly from: number; readonly to: readonly number[] }
    >
  | Described<
      'decision',
      'optimizer-ended',
      { readonly status: OptimizerEnd['status']; readonly reason: string }
    >
  | Described<'decision', 'pause' | 'unpause', { readonly reason: string }>
  | Described<'decision', 'stop-optimizer', { readonly reason: string }>
  | Described<'decision', 'stop', { readonly reason: string; readonly by: 'itself' | 'hand' | 'failure' }>
  | Described<'operational', 'credits-lost', { readonly count: number; readonly cause: string }>
  | Described<'operational', 'host-rebuilt', { readonly cause: string }>
  | Described<'operational', 'host-crashed', { readonly cause: string; readonly stack: string | null }>
  | Described<'operational', 'supervisor-lost' | 'control-unavailable' | 'intervention-ignored', {}>
  | Described<'operational', 'resumed', ResumedFacts>
  | Described<'operational', 'suspended', { readonly reason: string }>
  | Described<'operational', 'snapshot-damaged', {}>
  | Described<'operational', 'from-snapshot', { readonly callId: number; readonly skipped: number }>
  | Described<'operational', 'checkpoint', { readonly name: string; readonly reason: string }>
  | Described<'operational', 'network-filesystem' | 'log-copy-failed', {}>
  | Described<'operational', 'cluster', ClusterFacts>
  | Described<'operational', 'run-ended', { readonly evaluations: number }>
  | Described<'operational', 'run-failed', { readonly error: string }>;

/** What happens around a run and says all in its message. */
export type Notice =
  | 'supervisor-lost'
  | 'control-unavailable'
  | 'intervention-ignored'
  | 'network-filesystem'
  | 'log-copy-failed';

/** What happened among the machines that evaluate. */
export interface ClusterFacts extends JsonObject {
  readonly what: string;
  /** Slots of all workers that are there afterwards. */
  readonly slots: number;
}

/** What a hunt decided. */
interface HuntEvent extends JsonObject {
  readonly examined: number;
  readonly killed: readonly number[];
  /** Whom it spared, and why: the first 32 by id. Why it killed is told with each kill. */
  readonly spared: readonly { readonly optimizer: number; readonly explanation: string }[];
}

/** With what a run starts. */
interface WarmStartEvent extends JsonObject {
  readonly run: string;
  readonly rows: number;
  readonly leftOut: JsonObject;
}

/** How a run goes on, and with what. */
interface ResumedFacts extends JsonObject {
  /** Optimizers that had ended only since the run did. */
  readonly revived: readonly number[];
  /** It was at its end already, and goes on with that alone. */
  readonly isEnding: boolean;
  /** `--set` and the like. */
  readonly changes: readonly string[];
  readonly glompo: string;
  readonly node: string;
}

interface Described<
  Kind extends EventKind,
  Type extends string,
  Data extends JsonObject,
> extends LoggedEvent {
  readonly kind: Kind;
  readonly type: Type;
  readonly data: Data;
}
