import type { ClusterFigures } from '../../log/cluster-figures.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ResourceFigures, UtilisationFigures } from '../../log/figures.ts';

/**
 * What a page is told of a run. The first frame has everything, each later one what has changed since; `applyFrame` puts them together. Times are
 * milliseconds of the run, see `ActiveTime`; calls are call ids.
 */
export interface Frame {
  readonly revision: number;
  /** What came before is void. */
  readonly isWhole: boolean;
  /** How much of the log has been read: calls, of all that are in it. */
  readonly read: { readonly calls: number; readonly of: number };
  readonly run: RunCard;
  /** What a run is; rarely changes. */
  readonly facts?: FactsCard;
  /** Those that are new or have changed. */
  readonly optimizers: readonly OptimizerCard[];
  readonly calls: AxisPatch;
  readonly times: AxisPatch;
  readonly clock: ListPatch;
  readonly uncounted: ListPatch;
  readonly load: LoadPatch;
  readonly marks: { readonly from: number; readonly marks: readonly Mark[] };
  /** The best evaluations, the best first. */
  readonly best?: readonly BestEntry[];
}

/** How the run stands. */
export interface RunCard {
  readonly state: 'running' | 'finished' | 'failed' | 'crashed' | 'suspended';
  readonly isPaused: boolean;
  readonly pauseReason: string | null;
  readonly stopReason: string | null;
  /** Counted against the budget. */
  readonly evaluations: number;
  /** Without a value, or infeasible. */
  readonly worthless: number;
  /** Of evaluations; `null`: none. */
  readonly budget: number | null;
  /** Of seconds of all its sessions; `null`: none. */
  readonly budgetSeconds: number | null;
  /** Milliseconds until its budgets are spent, at the pace that it had; `null`: there are none, or it does not go on. */
  readonly timeLeft: number | null;
  readonly best: BestEntry | null;
  readonly time: number;
  /** When the last of it was heard of, milliseconds since the Unix epoch. */
  readonly heardAt: number;
  readonly utilisation: UtilisationFigures | null;
  readonly resources: (ResourceFigures & { readonly peakMemoryBytes?: number }) | null;
  /** Who works for it on other machines; `null` where nobody is to. */
  readonly cluster: ClusterFigures | null;
  readonly counts: Readonly<
    Record<'started' | 'running' | 'killed' | 'converged' | 'stopped' | 'crashed', number>
  >;
}

export interface FactsCard {
  readonly directory: string;
  readonly names: readonly string[];
  readonly parameters: readonly ParameterCard[];
  readonly seed: number | null;
  readonly slots: number;
  readonly backend: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly versions: {
    readonly glompo: string;
    readonly node: string;
    readonly platform: string;
    readonly host: string;
  };
  /** As resolved. */
  readonly config: JsonObject;
  readonly minima: readonly MinimumCard[];
  readonly result: JsonObject | null;
  /** Of the machine, over time; `null`: not logged. */
  readonly history: VitalsHistory | null;
}

export interface ParameterCard {
  readonly name: string;
  readonly kind: 'free' | 'fixed' | 'tied';
  readonly scale: 'linear' | 'log';
  readonly min: number | null;
  readonly max: number | null;
}

interface MinimumCard {
  readonly fx: number;
  readonly x: readonly number[];
  readonly callId: number;
  readonly hits: number;
  readonly converged: number;
}

/** What the run took of the machine, one sample every `everyMs`. */
export interface VitalsHistory {
  /** Milliseconds since the Unix epoch, one a sample. */
  readonly at: readonly number[];
  readonly cores: readonly number[];
  readonly memoryBytes: readonly number[];
  readonly load: readonly number[];
  readonly processes: readonly number[];
}

export interface OptimizerCard {
  readonly id: number;
  readonly type: string;
  readonly workers: number;
  readonly status: 'running' | 'converged' | 'killed' | 'stopped' | 'crashed';
  readonly evaluations: number;
  readonly failed: number;
  readonly best: number | null;
  readonly bestCall: number | null;
  /** Its latest value. */
  readonly current: number | null;
  readonly started: Moment;
  readonly ended: Moment | null;
}

export interface Moment {
  readonly call: number;
  readonly time: number;
}

export interface BestEntry {
  readonly fx: number;
  readonly call: number;
  readonly optimizer: number;
  readonly time: number;
}

/** Values along one axis, one track an optimizer, and one with id 0: the best of the run as it improved. */
export interface AxisPatch {
  /** A bucket's length: calls or milliseconds. */
  readonly width: number;
  /** All that was told of this axis is void: its buckets have become wider. */
  readonly isWhole: boolean;
  readonly tracks: readonly TrackPatch[];
}

/** The buckets of a track from the one at index `from` on; what was there from that one on is replaced. */
export interface TrackPatch {
  readonly id: number;
  readonly from: number;
  /** Four numbers a bucket, of its least and its greatest value in the order in which they came: position, value, position, value. */
  readonly points: readonly number[];
}

/** Numbers of a list from index `from` on. */
export interface ListPatch {
  readonly from: number;
  readonly values: readonly number[];
}

/** Time spent evaluating, in milliseconds a bin of `width` milliseconds. */
export interface LoadPatch extends ListPatch {
  readonly width: number;
}

export interface Mark extends Moment {
  readonly type: MarkType;
  readonly optimizer: number | null;
  readonly message: string;
}

export type MarkType =
  | 'checkpoint'
  | 'inject'
  | 'pause'
  | 'unpause'
  | 'resumed'
  | 'suspended'
  | 'host-crashed'
  | 'credits-lost'
  | 'stop'
  | 'stop-optimizer'
  | 'run-failed';

/** An event as a page lists it. */
export interface EventCard extends Moment {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly optimizer: number | null;
  readonly message: string;
  readonly data: Json;
}

/** A parameter's value at the best points of each optimizer as time went on. */
export interface Trace {
  readonly parameter: string;
  readonly tracks: readonly {
    readonly id: number;
    /** Call, value, call, value, … */ readonly points: readonly number[];
  }[];
}
