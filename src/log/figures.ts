/** What came of a run: the line that `run --json` ends with. */
export interface RunResult {
  /** The best value; `null` when no evaluation gave one. */
  readonly fx: number | null;
  /** Where: all parameters, fixed ones included, in task units. */
  readonly x: readonly number[] | null;
  readonly names: readonly string[];
  /** Evaluations that counted. */
  readonly evaluations: number;
  readonly optimizers: OptimizerCounts;
  readonly stopReason: string;
  readonly seed: number;
  readonly runDir: string;
  readonly wallSeconds: number;
}

export interface OptimizerCounts {
  readonly started: number;
  readonly killed: number;
  readonly converged: number;
  readonly crashed: number;
}

/** A run's figures while it goes on. */
export interface RunProgress {
  readonly evaluations: number;
  /** `Infinity`: no limit on evaluations. */
  readonly budget: number;
  readonly best: { readonly fx: number; readonly callId: number; readonly optimizerId: number } | null;
  readonly elapsedSeconds: number;
  readonly slots: { readonly used: number; readonly all: number };
  readonly optimizers: OptimizerCounts;
  /** Ascending by id. */
  readonly live: readonly LiveProgress[];
}

export interface LiveProgress {
  readonly id: number;
  readonly type: string;
  readonly phase: 'starting' | 'running' | 'ending';
  readonly evaluations: number;
  readonly best: number | null;
}
