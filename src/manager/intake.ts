import { countedOf, type RowBatch, statusOf } from '../backends/batch.ts';
import type { HostBatch } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import type { LoggedRows } from '../log/contract.ts';
import { evaluationsOf } from '../log/rows.ts';
import type { Books } from './books.ts';
import type { CreditLedger } from './credits.ts';
import type { Departures } from './departures.ts';
import type { Hunt } from './hunting.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import { type Migration, migrationsOf } from './migration.ts';
import type { ManagerWorld } from './world.ts';

/** Takes what hosts did: first into the log, then into the books; then comes what is due after each evaluation. */
export class Intake {
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #departures: Departures;
  readonly #hunt: Hunt;
  readonly #migrations: readonly Migration[];
  readonly #mayFail: boolean;

  constructor(config: RunConfig, world: ManagerWorld, books: Books, departures: Departures, hunt: Hunt) {
    this.#world = world;
    this.#books = books;
    this.#departures = departures;
    this.#hunt = hunt;
    this.#migrations = migrationsOf(config, books.shown);
    this.#mayFail = config.manager.onFailure.kind !== 'abort';
  }

  /**
   * @param isDeciding whether hunts and migrations take place: asked after each evaluation
   * @param guard carries out what may throw: the batch is in the log whatever comes of it, and the host is told so
   * @returns whether it was taken in; if not, the host is told where we are, or ended
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
    optimizer.acknowledge(batch.sequence);
    return true;
  }

  #takeIn(
    optimizer: LiveOptimizer,
    { rows, returned, idle, operations, snapshot, saved, end }: HostBatch,
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
    this.#countRows(id, logged, firstCallId, (callId) => {
      if (isDeciding())
        guard(() => {
          this.#decideAt(callId);
        });
    });
    const counted = countedOf(rows);
    credits.settle(id, rows.count, counted, returned);
    if (counted < rows.count) this.#world.log.set({ uncounted: credits.calls - credits.counted });
    if (rows.count > 0) {
      this.#departures.noteSuccess();
      optimizer.measure(rows.count, this.#world.clock.elapsed());
      utilisation.evaluated(optimizer, rows.durationMs, idle);
    }
    guard(() => {
      if (end) this.#departures.ended(optimizer, end);
      if (!this.#mayFail) refuseFailures(logged, firstCallId);
    });
  }

  #countRows(id: number, rows: LoggedRows, firstCallId: number, onCall: (callId: number) => void): void {
    const { record, reevaluation } = this.#books;
    for (const evaluation of evaluationsOf(id, rows, firstCallId)) {
      if (record.add(evaluation)) this.#tellIncumbent(id, evaluation.callId);
      reevaluation.add(id, evaluation.fx);
      onCall(evaluation.callId);
    }
  }

  /** What is due after a certain evaluation, whatever batch it came in. */
  #decideAt(callId: number): void {
    const { roster, record, chronicle } = this.#books;
    if (this.#hunt.isDue(callId))
      this.#hunt.at(callId, this.#world.clock.elapsed(), roster, record, chronicle);
    for (const migration of this.#migrations)
      if (migration.isDue(callId)) migration.at(callId, roster, record, chronicle);
  }

  #tellIncumbent(optimizerId: number, callId: number): void {
    const { chronicle, record } = this.#books;
    const { fx, violation } = record.incumbent!;
    const message = `${fx}${violation > 0 ? `, violation ${violation}` : ''}`;
    chronicle.announce({
      kind: 'decision',
      type: 'incumbent',
      optimizerId,
      callId,
      message,
      data: { fx, violation },
    });
  }
}

/** Whether it is the next one; of one that is repeated, or whose predecessor was lost and will be repeated, the host is told where we are. */
export function isDue(optimizer: LiveOptimizer, batch: HostBatch): boolean {
  const isNext = optimizer.phase !== 'ended' && batch.sequence === optimizer.acknowledged + 1;
  if (!isNext) optimizer.update();
  return isNext;
}

/** Whether a host sends no more evaluations than it had credits for; if it does, it is ended. */
export function isCovered(optimizer: LiveOptimizer, { rows, returned }: HostBatch, credits: CreditLedger): boolean {
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
export function refuseFailures(rows: LoggedRows, firstCallId: number): void {
  const failed = rows.fx.findIndex((fx) => Number.isNaN(fx));
  if (failed < 0) return;
  const note = rows.notes.find(({ row }) => row === failed);
  throw new CodedError(
    'task-failed',
    `evaluation ${firstCallId + failed} failed, and onFailure is abort: ${note?.error}`,
  );
}
