import type { Json, JsonObject } from '../core/json.ts';
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
  | BenchmarkSpec;

/** One of our own test functions. */
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
  /** Aborted when nobody waits for the value any more. */
  readonly signal: AbortSignal;
  /** A seed of this evaluation's own: the same for the same candidate of the same run. */
  readonly seed: number;
  readonly optimizerId: number;
  readonly candidateId: number;
  /** Whether the optimizer can use a gradient: one that costs time need not be computed otherwise. */
  readonly wantsGradient: boolean;
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
}

type TaskReturn = number | TaskResult;

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
export interface Task extends TaskGeometry {
  evaluate: TaskFunction;
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
}

/** What an optimizer is told for an evaluation that failed: the log has no value for it in any case. */
export type FailurePolicy =
  /** The worst finite value that this optimizer was told so far; `NaN` before the first. */
  | { readonly kind: 'worst' }
  | { readonly kind: 'recover'; readonly value: number }
  /** `NaN`, and the run ends. */
  | { readonly kind: 'abort' };
