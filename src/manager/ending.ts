import type { Json } from '../core/json.ts';
import { messageOf } from '../core/errors.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { RunResult } from '../log/figures.ts';
import type { Books } from './books.ts';
import { logEnd, resultOf } from './result.ts';
import type { Stopwatch } from './stopwatch.ts';
import { fitFigures } from './uncertainty.ts';
import type { ManagerWorld } from './world.ts';

/** How long evaluations of machines that are gone may be on their way. */
const DESERTED_MS = 1000;

/** Why and how a run ends. */
export class Ending {
  reason: string = '';
  /** When what still runs is given up, by the clock that never goes backwards. */
  deadline: number = Infinity;
  /** It came to its own end, and was ended by nobody. */
  isOwn: boolean = false;
  /** It is to be resumed: its optimizers have not ended. */
  isSuspension: boolean = false;
  #failure: unknown;

  /** Other machines evaluate, and none is there: what was done is on its way, and what waits would do so in vain. */
  hasten(now: number): void {
    const isWaitedFor = this.isOwn && !this.isSuspension;
    if (this.deadline < Infinity && !isWaitedFor) this.deadline = Math.min(this.deadline, now + DESERTED_MS);
  }

  get failure(): unknown {
    return this.#failure;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** The first failure is the one that is reported. @returns whether this is it */
  fail(thrown: unknown): boolean {
    if (this.#failure !== undefined) return false;
    this.#failure = thrown;
    return true;
  }

  get status(): 'finished' | 'failed' | 'suspended' {
    if (this.hasFailed) return 'failed';
    return this.isSuspension ? 'suspended' : 'finished';
  }
}

/** Writes the last of a run into its log. @returns what came of the run */
export function conclude(
  config: RunConfig,
  world: ManagerWorld,
  books: Books,
  ending: Ending,
  watch: Stopwatch,
): RunResult {
  const { overall } = watch.spent;
  const { runDir } = world;
  const result = resultOf(config, books, {
    stopReason: ending.reason,
    runDir,
    wallSeconds: overall,
    isSuspended: ending.isSuspension,
    // A log that cannot be written may be one that cannot be read.
    fit: ending.hasFailed ? null : fitFigures(config, world.log, books.space, books.record.incumbent),
  });
  try {
    logEnd(world, books, {
      status: ending.status,
      stopReason: ending.reason,
      endedBy: ending.isOwn && !ending.hasFailed ? 'itself' : ending.hasFailed ? 'failure' : 'hand',
      overallSeconds: overall,
      result: ending.hasFailed ? null : (result as unknown as Json),
    });
  } catch (thrown) {
    ending.fail(thrown);
  }
  return result;
}

/** What the log and whoever listens are told of a failure. */
export function tellFailure({ chronicle }: Books, thrown: unknown): void {
  const error = messageOf(thrown);
  try {
    chronicle.tell({ kind: 'operational', type: 'run-failed', message: error, data: { error } });
  } catch {
    // The log itself is what failed; the cause reaches the caller of `start`.
  }
}
