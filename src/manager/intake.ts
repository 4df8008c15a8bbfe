import { countedOf, type RowBatch, statusOf } from '../backends/batch.ts';
import type { HostBatch } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import type { LoggedRows, PastEvaluation } from '../log/contract.ts';
import { evaluationsOf } from '../log/rows.ts';
import type { Books } from './books.ts';
import type { CreditLedger } from './credits.ts';
import type { Decisions } from './decisions.ts';
import type { Departures } from './departures.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import type { ManagerWorld } from './world.ts';

/** Takes what hosts did: first into the log, then into the books; then comes what is due after each evaluation. */
export class Intake {
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #departures: Departures;
  readonly #decisions: Decisions;
  readonly #mayFail: boolean;

  constructor(
    config: RunConfig,
    world: ManagerWorld,
    books: Books,
    departures: Departures,
    decisions: Decisions,
  ) {
    this.#world = world;
    this.#books = books;
    this.#departures = departures;
    this.#decisions = decisions;
    this.#mayFail = config.manager.onFailure.kind !== 'abort';
  }

  /**
   * @param isDeciding whether hunts and migrations take place: asked whenever one is due
   * @param guard carries out what may throw: the batch is in the log whatever comes of it, and the host is told so
   * @returns whether it was taken in, and is to be acknowledged when the log has it; if not, the host is told where we are, or ended
   */
  take(
    optimizer: LiveOptimizer,
    batch: HostBatch,
    isDeciding: () => boolean,
    guard: (step: () => void) => void,
  ): boolean {
    if (!isDue(optimizer, batch) || !isCovered(optimizer, batch, this.#books.credits)) return false;
    // What follows from its evaluations is in the log with them, or neither is.
    this.#world.log.atomically(() => {
      this.#takeIn(optimizer, batch, isDeciding, guard);
    });
    optimizer.taken = batch.sequence;
    return true;
  }

  #takeIn(
    optimizer: LiveOptimizer,
    { rows, returned, idle, operations, snapshot, saved, end, acknowledgedAfter }: HostBatch,
    isDeciding: () => boolean,
    guard: (step: () => void) => void,
  ): void {
    const { id } = optimizer;
    const { credits, utilisation } = this.#books;
    const firstCallId = credits.calls + 1;
    const logged = loggedRows(rows);
    const isPinned = optimizer.isPinning;
    const kept = snapshot ? { snapshot, isPinned } : {};
    this.#world.log.commit({ optimizerId: id, firstCallId, rows: logged, operations, ...kept });
    optimizer.noteSaved(saved, snapshot !== undefined);
    for (const evaluation of evaluationsOf(id, logged, firstCallId)) {
      this.#decisions.count(evaluation);
      if (this.#decisions.isDue(evaluation.callId) && isDeciding())
        guard(() => {
          this.#decisions.at(evaluation.callId, (receiver, point) => {
            receiver.inject(point);
          });
        });
    }
    const counted = countedOf(rows);
    credits.settle(id, rows.count, counted, returned);
    if (counted < rows.count) this.#world.log.set({ uncounted: credits.calls - credits.counted });
    utilisation.acknowledged(acknowledgedAfter);
    if (rows.count > 0) {
      this.#departures.noteSuccess();
      optimizer.measure(rows.count, this.#world.clock.elapsed());
      utilisation.evaluated(optimizer, rows.durationMs, idle);
    }
    guard(() => {
      if (end) this.#departures.ended(optimizer, end);
      if (!this.#mayFail) refuseFailures(evaluationsOf(id, logged, firstCallId));
    });
  }
}

/** Whether it is the next one; of one that is repeated, or whose predecessor was lost and will be repeated, the host is told where we are. */
function isDue(optimizer: LiveOptimizer, batch: HostBatch): boolean {
  const isNext = optimizer.phase !== 'ended' && batch.sequence === optimizer.taken + 1;
  if (!isNext) optimizer.update();
  return isNext;
}

/** Whether a host sends no more evaluations than it had credits for; if it does, it is ended. */
export function isCovered(
  optimizer: LiveOptimizer,
  { rows, returned }: HostBatch,
  credits: CreditLedger,
): boolean {
  const counted = countedOf(rows);
  if (credits.covers(optimizer.id, counted, returned)) return true;
  const reason = `it sent ${counted} evaluations with ${credits.outstandingOf(optimizer.id)} credits`;
  optimizer.terminate({ status: 'crashed', reason });
  return false;
}

/** A host's rows as the log takes them. */
export function loggedRows(rows: RowBatch): LoggedRows {
  return { ...rows, status: (row) => statusOf(rows, row) };
}

/** @throws {CodedError} `task-failed` for the first evaluation without a value */
export function refuseFailures(evaluations: Iterable<PastEvaluation>): void {
  for (const { callId, fx, error } of evaluations)
    if (Number.isNaN(fx))
      throw new CodedError('task-failed', `evaluation ${callId} failed, and onFailure is abort: ${error}`);
}
