import type { ClusterFigures } from './cluster-figures.ts';

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
  /** Its session ended, and the run did not: it can be resumed. */
  readonly isSuspended: boolean;
  /** Separate minima, the best first; 20 at the most. */
  readonly minima: readonly Minimum[];
  /** Of the best point, evaluated again at the end: `manager.reevaluateBest`; `null` when it was not. */
  readonly noise: NoiseFigures | null;
  /** Of a task with residuals: how well they determine the best point; `null` where that is not known. */
  readonly fit: FitFigures | null;
  readonly seed: number;
  readonly runDir: string;
  readonly wallSeconds: number;
}

/** One of the separate minima that a run found. */
export interface Minimum {
  readonly fx: number;
  /** All parameters, fixed ones included, in task units. */
  readonly x: readonly number[];
  /** The evaluation. */
  readonly callId: number;
  /** How many optimizers ended there, and how many of them by convergence. */
  readonly hits: number;
  readonly converged: number;
  /** Their ids, the first 100. */
  readonly optimizers: readonly number[];
}

/** What the evaluations of the best point gave that followed the run. */
export interface NoiseFigures {
  readonly evaluations: number;
  readonly mean: number;
  /** The sample standard deviation; `null` of a single value. */
  readonly sd: number | null;
}

/** How well the residuals of a least-squares task determine its parameters, at the best point. */
export interface FitFigures {
  /** How many there are. */
  readonly residuals: number;
  /** Of the weighted residuals: the square root of their sum of squares / (residuals - free parameters). */
  readonly deviation: number;
  /** Of each parameter, in task units, `null` for those that are not free; `null` where the points near the best one do not tell. */
  readonly standardErrors: readonly (number | null)[] | null;
}

/** Where the time of occupied slots went, as parts of 1. */
export interface SlotTime {
  readonly evaluating: number;
  /** Until optimizers and their workers were there. */
  readonly startUp: number;
  /** Workers had nothing to do since the manager gave no credits: it was paused, or the budget ran out. */
  readonly credits: number;
  /** Workers had nothing to do while the optimizer computed. */
  readonly maths: number;
  /** Workers waited for the slowest of their generation, or for messages. */
  readonly stragglers: number;
}

/** How well the slots were used. */
export interface UtilisationFigures {
  /** Of the time of occupied slots, the part that went into evaluations; 0 to 1. */
  readonly share: number;
  readonly time: SlotTime;
  /** Where it is low: what was measured, and the setting that would raise it. */
  readonly advice: readonly string[];
  /** From the end of an evaluation until its host knew that it is in the log; `null` when there was none. */
  readonly acknowledgement: { readonly medianMs: number; readonly p99Ms: number } | null;
}

export interface OptimizerCounts {
  readonly started: number;
  readonly killed: number;
  readonly converged: number;
  readonly crashed: number;
}

/** What the run takes of the machine: its manager and all its processes together. */
export interface ResourceFigures {
  readonly processes: number;
  /** Processor time per time, in cores. */
  readonly cores: number;
  /** Resident memory in bytes. */
  readonly memoryBytes: number;
  /** Of the machine, over the last minute. */
  readonly load: number;
}

/** A run's figures while it goes on. */
export interface RunProgress {
  readonly evaluations: number;
  /** `Infinity`: no limit on evaluations. */
  readonly budget: number;
  readonly best: BestProgress | null;
  readonly elapsedSeconds: number;
  /** Before time alone ends the run; `null` where it does not. */
  readonly secondsLeft: number | null;
  readonly isPaused: boolean;
  readonly slots: { readonly used: number; readonly all: number };
  readonly optimizers: OptimizerCounts;
  readonly utilisation: UtilisationFigures;
  /** `null` before the first measurement, half a second after the start. */
  readonly resources: ResourceFigures | null;
  /** Who works for it on other machines; `null` where nobody is to. */
  readonly cluster: ClusterFigures | null;
  /** Ascending by id. */
  readonly live: readonly LiveProgress[];
}

export interface BestProgress {
  readonly fx: number;
  readonly callId: number;
  readonly optimizerId: number;
  /** When that evaluation ended, in milliseconds since the Unix epoch; `null` where nobody knows. */
  readonly at: number | null;
}

export interface LiveProgress {
  readonly id: number;
  readonly type: string;
  readonly phase: 'starting' | 'running' | 'ending';
  readonly evaluations: number;
  /** The latest value. */
  readonly current: number | null;
  readonly best: number | null;
}
