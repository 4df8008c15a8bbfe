import type { JsonObject } from '../core/json.ts';
import type { Parameter } from '../space/parameter.ts';
import type { FailurePolicy, TaskSpec } from '../tasks/contract.ts';

/** A component by name, with its options checked and defaults filled in. */
export interface ComponentUse {
  readonly name: string;
  readonly options: JsonObject;
}

/** Where an optimizer runs. */
export type Level1 = 'inline' | 'threads' | 'processes' | 'processes_forced';
/** Where an optimizer's points are evaluated. */
export type Level2 = 'inline' | 'threads' | 'processes' | 'cluster';

/** One optimizer that a selector may start. */
export interface OptimizerUse extends ComponentUse {
  /** How many evaluations it may have running at once; so many of the manager's slots it takes. */
  readonly workers: number;
  readonly evaluate: Level2;
  /** When its points wait for slots on other machines: higher ones go first. @default 0 */
  readonly priority?: number;
  /** So many of it are started in a run at most; any number when not given. */
  readonly maxStarts?: number;
  /** Where it starts; the run's generator says when not given. */
  readonly generator?: ComponentUse;
}

/** Conditions as written: a tree of `all`, `any` and `not` over components. */
export type ConditionUse =
  | { readonly all: readonly ConditionUse[] }
  | { readonly any: readonly ConditionUse[] }
  | { readonly not: ConditionUse }
  | ComponentUse;

/** Whose best point goes to whom: the best of the run to all, each optimizer's own to the next one by id, or to all others. */
export type Topology = 'none' | 'broadcast-best' | 'ring' | 'fully-connected';

/** After so many optimizers, or so many evaluations, no more are started; no limit when not given. */
export interface SpawnLimits {
  readonly optimizers?: number;
  readonly evaluations?: number;
}

export interface ManagerSettings {
  /** Slots: how much parallel work there may be at once. @default as many as the machine has cores */
  readonly maxJobs: number;
  /** Where optimizers run. @default 'threads'; for a `command` on Linux 'processes' */
  readonly backend: Level1;
  /** A hunt happens at every multiple of this many evaluations. @default 100 */
  readonly huntFrequency: number;
  /** May the optimizer that holds the best value be killed? @default false */
  readonly huntBest: boolean;
  /** Is a new best point shown to the other optimizers, at every hunt? @default false */
  readonly shareBest: boolean;
  /** Whose best points the others are shown. @default 'none' */
  readonly migration: Topology;
  /** Points migrate at every multiple of this many evaluations; of `huntFrequency` when not given. */
  readonly migrationFrequency?: number;
  /** With what probability a point that may migrate does. @default 1 */
  readonly migrationChance: number;
  /** Which points a receiver is shown: those better than its own best, or any. @default 'better' */
  readonly migrationAccept: 'better' | 'any';
  /** How near two points are that count as one minimum: a fraction of the diagonal of the unit box, or a length of the task's `distance`. @default 0.01 */
  readonly minimaTolerance: number;
  /** How often the best point is evaluated again at the end; part of the budget. @default 0 */
  readonly reevaluateBest: number;
  readonly onFailure: FailurePolicy;
  /** How often an evaluation is tried again when its worker dies under it, or its task says that it may work the next time. @default 1 */
  readonly retries: number;
  /** How long one evaluation may take; as long as it likes when not given. */
  readonly timeoutSeconds?: number;
  /** How processes are kept from outliving the run, see `docs/processes.md`. @default 'auto' */
  readonly containment: 'auto' | 'none' | 'pid-namespace' | 'cgroup';
  /** A killed optimizer gives up what it runs, instead of finishing it. @default false */
  readonly aggressiveKill: boolean;
  /** An optimizer that has evaluations to do and is silent for so long is ended by force; never when not given. */
  readonly forceTerminationsAfterSeconds?: number;
  /** How long running evaluations may go on after the run has ended, before they are cancelled. @default 10 */
  readonly endTimeoutSeconds: number;
  /** What the log outlives: the death of any process, or a power cut too; see `docs/log.md`. @default 'commit' */
  readonly durability: 'commit' | 'full';
  /** The same configuration and seed give the same log, whatever it runs on; see `docs/reproducibility.md`. @default false */
  readonly reproducible: boolean;
  /** In a reproducible run, how many evaluations each optimizer makes in a round; its batch size when not given. */
  readonly roundEvaluations?: number;
  /** Whether a reproducible run may have conditions and timeouts that depend on the time things take. @default false */
  readonly allowTimed: boolean;
  /** An optimizer gets no more workers than this, whatever number of slots it takes. */
  readonly maxWorkers?: number;
  /** An absolute path: where the log is while the run goes on; in the run directory when not given. */
  readonly logDir?: string;
  /** How often a log in `logDir` is copied to the run directory. @default 60 */
  readonly logCopySeconds: number;
  /** The run pauses while less is free where its log is; 0: never; by itself when not given. */
  readonly minFreeBytes?: number;
  /** Of all random draws. @default drawn, and logged */
  readonly seed: number;
}

/** When checkpoints are made besides those that somebody asks for. */
export interface CheckpointSettings {
  /** @default never */
  readonly everySeconds?: number;
  /** @default never */
  readonly everyEvaluations?: number;
  /** Is one made before the first evaluation? @default false */
  readonly atStart: boolean;
  /** Is one made after the last evaluation? @default false */
  readonly atEnd: boolean;
  /** Of those made every so often, how many of the latest are kept. @default 3 */
  readonly keep: number;
  /** What one is called, with `{n}`, `{call}`, `{date}`, `{time}` and `{reason}` in it. @default 'checkpoint-{n}' */
  readonly name: string;
}

/** What becomes of points whose values are known. */
export interface CacheSettings {
  /** How near a known point must be to count as the same, as a part of the range of every parameter; 0: the same value, bit for bit. @default 0 */
  readonly tolerance: number;
  /** Whether a known point uses the budget as others do. @default false */
  readonly charge: boolean;
  /** So many known points in a row, without one that has to be evaluated, end an optimizer. @default 100 */
  readonly maxHitsInARow: number;
}

/** Another run, with whose evaluations this one starts. */
export interface WarmStartSettings {
  /** Its directory, or its log: an absolute path. */
  readonly run: string;
  /** What optimizers are shown as they start: each another of its separate minima, the best first; each the best of all; nothing. @default 'minima' */
  readonly inject: 'minima' | 'best' | 'none';
  /** Take its values although its task is another one. @default false */
  readonly force: boolean;
}

/** A run, fully resolved: nothing in it is optional, every path is absolute, every name is known. */
export interface RunConfig {
  /** Absolute paths of modules with components of the user's own. */
  readonly plugins: readonly string[];
  readonly task: TaskSpec;
  readonly parameters: readonly Parameter[];
  /** Comparisons such as `sigmaA < sigmaB`: a point where one does not hold is not evaluated. */
  readonly constraints: readonly string[];
  readonly optimizers: {
    readonly selector: ComponentUse;
    readonly use: readonly OptimizerUse[];
    readonly spawn: SpawnLimits;
  };
  readonly generator: ComponentUse;
  /** `null`: nobody is hunted. */
  readonly hunters: ConditionUse | null;
  readonly stop: ConditionUse;
  readonly manager: ManagerSettings;
  readonly checkpoints: CheckpointSettings;
  /** Every point is evaluated when not given. */
  readonly cache?: CacheSettings;
  /** A run starts with nothing when not given. */
  readonly warmStart?: WarmStartSettings;
}
