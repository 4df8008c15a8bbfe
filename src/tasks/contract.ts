import type { Json, JsonObject } from '../core/json.ts';
import type { CommandSpec } from './command/spec.ts';
import type { ResidualRule } from './residuals.ts';

/** Where a task comes from, as plain data that any thread or process can load it from. */
export type TaskSpec = {
  /** How blocks of its residuals count; those that are not named count as they are. */
  readonly residuals?: readonly ResidualRule[];
} & TaskSource;

type TaskSource =
  | {
      readonly kind: 'module';
      /** Absolute path of a `.ts` or `.js` file. */
      readonly path: string;
      /** The export to use; `default`, then `evaluate`, then the only function there is, when not given. */
      readonly export?: string;
    }
  | BenchmarkSpec
  | CommandSpec
  | WorkerSpec;

/** Which environment variables a program gets besides the run's own, which are always there. */
export interface EnvironmentRule {
  /** Names, with `*` for any characters, of those that are passed on; all when not given. */
  readonly pass?: readonly string[];
  /** Set to these values, in which `{name}` stands for a parameter. */
  readonly set?: Readonly<Record<string, string>>;
}

/** A program that stays up and answers one line of JSON for each it is sent, see `docs/protocol.md`. */
export interface WorkerSpec {
  readonly kind: 'worker';
  /** The program and its arguments: absolute paths, or names on PATH. */
  readonly argv: readonly string[];
  /** An absolute path. */
  readonly cwd: string;
  readonly environment?: EnvironmentRule;
  /** After so many evaluations it is ended and started again; never when not given. */
  readonly maxEvaluationsPerWorker?: number;
  /** How long it may take to say that it is ready. */
  readonly startSeconds: number;
  /** What it is for, in messages: `python fit.py:loss`. */
  readonly label: string;
  /** As a configuration has it. */
  readonly written: JsonObject;
}

/** One of of our own test functions. */
export interface BenchmarkSpec {
  readonly kind: 'benchmark';
  readonly name: string;
  /** What is written beside its name: which of a family it is, and of how many parameters. */
  readonly options: JsonObject;
}

/** What a task may know about the call it is in. */
export interface EvaluationContext {
  /** The parameters by name, in task units, fixed ones included. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Their names in the order of `x`. */
  readonly names: readonly string[];
  /** Aborted when nobody waits for the value any more. */
  readonly signal: AbortSignal;
  /** A seed of this evaluation's own: the same for the same candidate of the same run. */
  readonly seed: number;
  readonly optimizerId: number;
  readonly candidateId: number;
  /** Whether the optimizer can use a gradient: one that costs time need not be computed otherwise. */
  readonly wantsGradient: boolean;
  /**
   * A value above this cannot matter to the optimizer: a task that knows its value to be above may stop, and return a lower bound of it as
   * `{ value, censored: true }`. `Infinity` when every value matters.
   */
  readonly cutoff: number;
}

/** A value with what else the task has to say. */
export interface TaskResult {
  /** Lower is better. Not given with `residuals`, from which it follows. */
  readonly value?: number;
  /**
   * Of a fit, model minus data in any unit: one list, or lists by the names of their blocks, always as long. The value is the sum of their squares,
   * weighted and under the losses that `task.residuals` of the configuration names.
   */
  readonly residuals?: ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>;
  /** The derivative of the value with respect to each parameter, in task units, in the order of `x`. Not needed with `residuals`. */
  readonly gradient?: ArrayLike<number>;
  /** Named columns, logged beside the value. */
  readonly extras?: Readonly<Record<string, Json>>;
  /** 0 (or absent): feasible. Above 0: how far the point is from being so; ranks below every feasible point. */
  readonly violation?: number;
  /** The evaluation stopped early: its value is at least `value`, which is above `context.cutoff`. */
  readonly censored?: boolean;
}

/** What a task returns, or throws as an error that has `retry`, when there is no value. */
export interface TaskFailure {
  /** Why, for the log. */
  readonly failed: string;
  /** Whether the same point may well have a value the next time: it is tried again, up to `manager.retries` times. @default false */
  readonly retry?: boolean;
}

/** What a task returns. */
export type TaskReturn = number | TaskResult | TaskFailure;

/**
 * The function to be minimized. `x`, all parameters in the order of the configuration and in task units, is the task's own copy.
 */
export type TaskFunction = (x: Float64Array, context: EvaluationContext) => TaskReturn | Promise<TaskReturn>;

/** What a task may say of where points are, in task units. The manager calls these itself: they must be quick and have no effects. */
export interface TaskGeometry {
  /** How far apart two points are, in a unit of the task's own. */
  distance?(a: Float64Array, b: Float64Array): number;
  /** One and the same point for all points that mean the same, such as permuted atoms. */
  canonical?(x: Float64Array): ArrayLike<number>;
}

/** A task that was loaded and can be called. A module exports what it has besides `evaluate` by its name. */
export interface Task extends TaskGeometry, Partial<AsyncDisposable> {
  evaluate: TaskFunction;
  /** An evaluation that is aborted settles in any case, and uses what it runs in until then. @default false */
  readonly settlesWhenAborted?: boolean;
  /** It neither keeps nor changes the points that it is given, which takes no copies of them. @default false */
  readonly borrows?: boolean;
  /** How blocks of its residuals count, as its specification says. */
  readonly residuals?: readonly ResidualRule[];
  /** What the best point means, in words for people: shown at the end of a run. A module exports it as `report`. */
  report?(best: BestPoint): string | Promise<string>;
}

/** The best point of a run, as a task's `report` is given it. */
export interface BestPoint {
  readonly fx: number;
  /** By name, in task units, fixed ones included. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** How an evaluation ended. All of these count against the budget. */
export type EvaluationStatus = 'ok' | 'failed' | 'timeout' | 'cancelled' | 'censored';

/** What came of one call of a task; `fx` is `NaN` unless `status` is `ok` or `censored`. */
export interface Outcome {
  readonly status: EvaluationStatus;
  readonly fx: number;
  readonly violation?: number;
  readonly extras?: Readonly<Record<string, Json>>;
  /** What went wrong, in one line, for any status but `ok`. */
  readonly error?: string;
  /** Whether a failed evaluation may have a value the next time. @default false */
  readonly isTransient?: boolean;
  /** How often the point was tried, by the task itself. @default 1 */
  readonly attempts?: number;
}

/** What an optimizer is told for an evaluation that failed: the log has no value for it in any case. */
export type FailurePolicy =
  /** The worst finite value that this optimizer was told so far; `NaN` before the first. */
  | { readonly kind: 'worst' }
  | { readonly kind: 'recover'; readonly value: number }
  /** `NaN`, and the run ends. */
  | { readonly kind: 'abort' };
