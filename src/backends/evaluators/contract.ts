import type { Clock } from '../../core/clock.ts';
import type { CustodyTicket } from '../../processes/custody.ts';
import type { Parameter } from '../../space/parameter.ts';
import type { Outcome, TaskSpec } from '../../tasks/contract.ts';
import type { Finished } from '../batch.ts';
import type { JobDesk } from '../cluster/contract.ts';
import type { EvaluatorSpec } from '../protocol.ts';
import type { ProgramShelf } from './program-shelf.ts';
import type { ProgramCrew } from './programs.ts';

/** One evaluation to be started. */
export interface Job {
  readonly candidateId: number;
  /** All parameters, in task units. */
  readonly x: Float64Array;
  /** A value above this cannot matter to its optimizer. @default every value matters */
  readonly cutoff?: number;
}

/** What an evaluator is made for. */
export interface EvaluatorSetup {
  readonly spec: EvaluatorSpec;
  readonly task: TaskSpec;
  readonly parameters: readonly Parameter[];
  /** The run's seed and the optimizer, from which each evaluation's own seed follows. */
  readonly seed: number;
  readonly optimizerId: number;
  /** Whether the optimizer can use gradients. */
  readonly wantsGradient: boolean;
  /** Who the host is, for evaluations that it does itself. */
  readonly worker: string;
  /** Where worker processes and programs are started from. */
  readonly custody?: CustodyTicket | undefined;
  /** An absolute path: below it are the work directories of programs. */
  readonly workRoot?: string | undefined;
  /** Told why programs cannot be given what they need: on another machine they might. @default evaluations fail */
  readonly onUnable?: ((why: string) => void) | undefined;
  /** Where programs that stay up are kept for the next optimizer. @default they end with the evaluator */
  readonly shelf?: ProgramShelf<ProgramCrew> | undefined;
  /** Opens a way to other machines. @default there are none */
  readonly cluster?: (() => JobDesk) | undefined;
  readonly clock: Clock;
  /** Takes evaluations as they finish; may be called while `submit` runs. */
  readonly onFinished: (finished: readonly Finished[]) => void;
}

/**
 * Level 2: evaluates one optimizer's points. The host submits no more than there is `room` for, so that what is submitted
 * is as good as started; every job comes back exactly once through `onFinished`.
 */
export interface Evaluator extends AsyncDisposable {
  /** How many more jobs it can take now. */
  readonly room: number;
  /** How many of those it needs lest its workers have nothing to do: an optimizer is not asked for more on its account. */
  readonly demand: number;
  submit(jobs: readonly Job[]): void;
  /** Gives up what nobody has begun, such as for want of other machines: each comes back as `isUnbegun` before this returns. */
  withdraw(): void;
  /** Gives up all running jobs, and takes no more: each comes back as `cancelled` before this returns, and its signal is aborted. */
  cancel(): void;
}

/** Loads the task and makes the evaluator that `setup.spec` names. */
export type EvaluatorFactory = (setup: EvaluatorSetup) => Promise<Evaluator>;

/** What becomes of a job whose optimizer is given up. */
export const CANCELLED: Outcome = {
  status: 'cancelled',
  fx: NaN,
  error: 'cancelled: its optimizer was ended while it ran',
};
