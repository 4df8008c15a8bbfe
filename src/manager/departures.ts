import type { HostExit } from '../backends/hosts/contract.ts';
import type { HostEnd } from '../backends/protocol.ts';
import { CodedError } from '../core/errors.ts';
import { optimizers } from '../optimizers/registry.ts';
import type { Books } from './books.ts';
import { refuseMismatch } from './mismatch.ts';
import type { EndWish, LiveOptimizer } from './live-optimizer.ts';
import type { ManagerWorld } from './world.ts';

/** So many optimizers in a row that crash before any evaluation are a fault of the task or the configuration, not bad luck. */
const MOST_CRASHES_AT_START = 5;

/** Settles what ended optimizers leave: their place in the log, their credits, their slots. */
export class Departures {
  readonly #world: ManagerWorld;
  readonly #books: Books;
  #crashesAtStart = 0;

  constructor(world: ManagerWorld, books: Books) {
    this.#world = world;
    this.#books = books;
  }

  /** Somebody evaluates: starting works. */
  noteSuccess(): void {
    this.#crashesAtStart = 0;
  }

  /**
   * Its last batch is in the log: what it still holds is taken back. Its slots are free when its host is gone.
   *
   * @throws {CodedError} `replay-mismatch` when it was to go on and cannot be brought to where it was; `component-failed` when an optimizer of a plug-in threw; `residuals-missing`; `spawn-failing` when one optimizer after the other crashes before its first evaluation
   */
  ended(optimizer: LiveOptimizer, end: HostEnd): void {
    refuseMismatch(optimizer, end);
    this.#settle(optimizer, endOf(end, optimizer.wish));
    // No other evaluation will have any.
    if (end.kind === 'failed' && end.error.code === 'residuals-missing')
      throw new CodedError('residuals-missing', end.error.message);
    // What a user's own optimizer throws is a mistake in it, which others of its kind would repeat.
    if (
      end.kind === 'failed' &&
      end.error.code === 'component-failed' &&
      optimizers.isPlugin(optimizer.use.name)
    )
      throw new CodedError('component-failed', end.error.message);
  }

  /**
   * Its host is gone.
   *
   * @throws {CodedError} `spawn-failing`, as above
   */
  exited(optimizer: LiveOptimizer, { cause, error }: HostExit): void {
    const { id, wish } = optimizer;
    this.#books.roster.remove(id);
    if (optimizer.phase === 'ended') return;
    const reason = error ? `${cause}: ${error.message}` : cause;
    if (!wish)
      this.#books.chronicle.tell({
        kind: 'operational',
        type: 'host-crashed',
        optimizerId: id,
        message: reason,
        data: { cause: reason, stack: error?.stack ?? null },
      });
    const lost = this.#books.credits.outstandingOf(id);
    if (lost > 0)
      this.#books.chronicle.tell({
        kind: 'operational',
        type: 'credits-lost',
        optimizerId: id,
        message: `${lost} credits came back from a host that is gone; what it ran is lost`,
        data: { count: lost, cause: reason },
      });
    this.#settle(optimizer, wish ?? { status: 'crashed', reason });
  }

  /** It holds no slots: it waits for some, or its end was decided in an earlier session. */
  close(id: number, type: string, end: EndWish): void {
    const { clock, log } = this.#world;
    const { roster, chronicle, record, minima, credits } = this.#books;
    roster.countEnd(end.status);
    log.atomically(() => {
      log.endOptimizer({ optimizerId: id, ...end, endedAt: clock.now() });
      chronicle.tell({
        kind: 'decision',
        type: 'optimizer-ended',
        optimizerId: id,
        message: `${end.status}: ${end.reason}`,
        data: { ...end },
      });
    });
    // A repetition found nothing.
    if (type !== 'repeat') minima.add(id, end.status, record.of(id).best);
    credits.close(id);
    record.close(id, end.status);
  }

  /** Ends one that has nothing under way, without waiting for its host: its slots are free when that is gone. */
  dismiss(optimizer: LiveOptimizer, end: EndWish): void {
    optimizer.finish('drain', end, this.#world.clock.elapsed());
    this.#settle(optimizer, end);
  }

  #settle(optimizer: LiveOptimizer, end: EndWish): void {
    const { id } = optimizer;
    optimizer.phase = 'ended';
    optimizer.endedAt = this.#world.clock.elapsed();
    this.#books.utilisation.ended(optimizer, optimizer.endedAt);
    const hadNone = this.#books.record.of(id).evaluations === 0;
    this.close(id, optimizer.use.name, end);
    const isOneMore = end.status === 'crashed' && hadNone;
    // Said once: the run ends by that.
    if (isOneMore && ++this.#crashesAtStart === MOST_CRASHES_AT_START + 1)
      throw new CodedError(
        'spawn-failing',
        `${this.#crashesAtStart} optimizers in a row crashed before their first evaluation; the last one: ${end.reason}`,
      );
  }
}

function endOf(end: HostEnd, wish: EndWish | undefined): EndWish {
  switch (end.kind) {
    case 'converged':
      return { status: 'converged', reason: `${end.reason.kind}: ${end.reason.detail}` };
    case 'failed':
      return { status: 'crashed', reason: end.error.message };
    case 'finished':
      return wish ?? { status: 'stopped', reason: 'it was asked to finish' };
  }
}
