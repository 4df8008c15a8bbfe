import type { JsonObject } from '../core/json.ts';

/** One problem of a suite: a function in a dimension, in one of its instances. */
export interface Problem {
  /** As `--functions` names it. */
  readonly function: string;
  readonly dimension: number;
  readonly instance: number;
  /** `task` as a configuration has it. */
  readonly task: JsonObject & { readonly benchmark: string };
}

/** What `fx` means on a problem. */
export interface Yardstick {
  readonly optimum: number;
  /** Differences from the optimum are divided by it. */
  readonly scale: number;
  /** The optimum is not known any better: a difference up to this reaches every target. */
  readonly precision: number;
}

/** What came of one configuration on one problem. */
export interface Outcome {
  /** The least difference from the optimum; `null` when no evaluation had a value. */
  readonly best: number | null;
  readonly evaluations: number;
  /** By target: the evaluation that first reached it, counted from 1. */
  readonly hits: readonly (number | null)[];
  readonly wallSeconds: number;
  readonly stopReason: string;
  /** `manager.seed` of the run. */
  readonly runSeed: number;
}
