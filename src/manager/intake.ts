import { type RowBatch, statusOf } from '../backends/batch.ts';
import type { HostBatch } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import type { LoggedRows } from '../log/contract.ts';
import type { Books } from './books.ts';
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
    this.#migrations = migrationsOf(config);
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
    // A repeated batch, or one whose predecessor was lost and will be repeated.
    if (optimizer.phase === 'ended' || batch.sequence !== optimizer.acknowledged + 1) {
      optimizer.update();
      return false;
    }
    const { id } = optimizer;
    const { credits, utilisation } = this.#books;
    const { rows, returned } = batch;
    if (!credits.covers(id, rows.count, returned)) {
      const reason = `it sent ${rows.count} evaluations with ${credits.outstandingOf(id)} credits`;
      optimizer.terminate({ status: 'crashed', reason });
      return false;
    }
    const firstCallId = credits.counted + 1;
    const logged = loggedRows(rows);
    this.#world.log.commit({ optimizerId: id, firstCallId, rows: logged, operations: batch.operations });
    this.#countRows(id, logged, firstCallId, (callId) => {
      if (isDeciding())
        guard(() => {
          this.#decideAt(callId);
        });
    });
    credits.settle(id, rows.count, returned);
    if (rows.count > 0) {
      this.#departures.noteSuccess();
      optimizer.measure(rows.count, this.#world.clock.elapsed());
      utilisation.evaluated(optimizer, rows.durationMs, batch.idle);
    }
    optimizer.acknowledge(batch.sequence);
    guard(() => {
      if (batch.end) this.#departures.ended(optimizer, batch.end);
      if (!this.#mayFail) refuseFailures(logged, firstCallId);
    });
    return true;
  }

  #countRows(id: number, rows: LoggedRows, firstCallId: number, onCall: (callId: number) => void): void {
    const { record, reevaluation } = this.#books;
    const notes = new Map(rows.notes.map((note) => [note.row, note]));
    for (let row = 0; row < rows.count; row++) {
      const callId = firstCallId + row;
      if (record.add(id, callId, rows, row, notes.get(row))) this.#tellIncumbent(id, callId);
      reevaluation.add(id, rows.fx[row]!);
      onCall(callId);
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

/** A host's rows as the log takes them. */
function loggedRows(rows: RowBatch): LoggedRows {
  return { ...rows, status: (row) => statusOf(rows, row) };
}

/** @throws {CodedError} `task-failed` for the first evaluation without a value */
function refuseFailures(rows: LoggedRows, firstCallId: number): void {
  const failed = rows.fx.findIndex((fx) => Number.isNaN(fx));
  if (failed < 0) return;
  const note = rows.notes.find(({ row }) => row === failed);
  throw new CodedError(
    'task-failed',
    `evaluation ${firstCallId + failed} failed, and onFailure is abort: ${note?.error}`,
  );
}
