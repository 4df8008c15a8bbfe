import type { Clock } from '../core/clock.ts';
import { DurationCounts } from '../core/quantiles.ts';
import type { JournalWriter } from '../optimizers/journal.ts';
import { type Finished, RowGatherer } from './batch.ts';
import type { CreditPurse } from './credit-purse.ts';
import type { IdleMeter } from './idle-time.ts';
import type { HostBatch, HostEnd, HostMessage } from './protocol.ts';
import type { Saver } from './saver.ts';

/** Rows that are enough for a batch although the one before is not acknowledged. */
const FULL_BATCH = 1024;
/** How long finished evaluations wait for the acknowledgement of those before. */
const GATHER_MS = 50;
/** When a batch is taken for lost. Channels between processes lose nothing unless they break; a simulated one does. */
const RESEND_MS = 5000;

/** A batch on its way. */
interface Unacknowledged {
  readonly batch: HostBatch;
  /** When its rows were added. */
  readonly added: readonly Added[];
}

/** So many evaluations were added at that time. */
interface Added {
  readonly at: number;
  readonly count: number;
}

/**
 * Sends what a host did as batches: at once when none is unacknowledged; otherwise it gathers until the acknowledgement, 50 ms, or
 * a full batch. So a slow task's evaluation is in the log at once, and a fast one's costs little.
 */
export class BatchSender {
  readonly #clock: Clock;
  readonly #send: (message: HostMessage) => void;
  readonly #journal: JournalWriter;
  readonly #purse: CreditPurse;
  readonly #idle: IdleMeter;
  readonly #saver: Saver;
  readonly #isPremature: () => boolean;
  #rows = new RowGatherer(0);
  #added: Added[] = [];
  readonly #waits = new DurationCounts();
  #sequence = 0;
  #reportedReturned = 0;
  #reportedRevocation = 0;
  #unacknowledged: Unacknowledged[] = [];
  #end: HostEnd | undefined;
  #isEndSent = false;
  #onAllAcknowledged: (() => void) | undefined;
  #cancelGather: (() => void) | undefined;
  #cancelResend: (() => void) | undefined;

  /** @param isPremature whether something is to come that belongs into the next batch: the host comes back to it */
  constructor(
    world: { readonly clock: Clock; send(message: HostMessage): void },
    journal: JournalWriter,
    purse: CreditPurse,
    idle: IdleMeter,
    saver: Saver,
    isPremature: () => boolean,
  ) {
    this.#isPremature = isPremature;
    this.#idle = idle;
    this.#saver = saver;
    this.#clock = world.clock;
    this.#send = (message) => {
      world.send(message);
    };
    this.#journal = journal;
    this.#purse = purse;
  }

  /** @param size how many parameters a point has: to be said before there is any */
  open(size: number): void {
    this.#rows = new RowGatherer(size);
  }

  add(finished: readonly Finished[]): void {
    if (finished.length === 0) return;
    this.#added.push({ at: this.#clock.elapsed(), count: finished.length });
    for (const one of finished) this.#rows.add(one);
  }

  /** Sends the last batch, and calls back when all is acknowledged. */
  end(end: HostEnd, onAllAcknowledged: () => void): void {
    this.#end = end;
    this.#onAllAcknowledged = onAllAcknowledged;
    this.flush();
  }

  /** Sends nothing more. */
  abandon(): void {
    this.#cancelGather?.();
    this.#cancelResend?.();
    this.#cancelResend = () => {};
    this.#rows.take();
    this.#added = [];
    this.#unacknowledged = [];
  }

  acknowledge(sequence: number): void {
    const isIn = ({ batch }: Unacknowledged): boolean => batch.sequence <= sequence;
    if (!this.#unacknowledged.some(isIn)) return;
    const now = this.#clock.elapsed();
    for (const { added } of this.#unacknowledged.filter(isIn))
      for (const { at, count } of added) this.#waits.add(now - at, count);
    this.#unacknowledged = this.#unacknowledged.filter((one) => !isIn(one));
    this.#watchForLoss();
    if (this.#isEndSent && this.#unacknowledged.length === 0) {
      this.#onAllAcknowledged?.();
      this.#onAllAcknowledged = undefined;
    }
  }

  /** Sends what there is, or sees to it that it is sent soon. */
  flush(): void {
    if (!this.#hasNews()) return;
    const isUrgent =
      this.#unacknowledged.length === 0 || this.#rows.count >= FULL_BATCH || this.#end !== undefined;
    if (isUrgent) this.#sendBatch();
    else
      this.#cancelGather ??= this.#clock.after(GATHER_MS, () => {
        this.#sendBatch();
      });
  }

  /** Sends what there is. */
  flushNow(): void {
    if (this.#hasNews()) this.#sendBatch();
  }

  #hasNews(): boolean {
    return (
      this.#rows.count > 0 ||
      this.#purse.returned !== this.#reportedReturned ||
      this.#purse.revocation !== this.#reportedRevocation ||
      // One after the other, however often it is asked for.
      (this.#saver.isAsked && this.#unacknowledged.length === 0) ||
      (this.#end !== undefined && !this.#isEndSent)
    );
  }

  #sendBatch(): void {
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    // So it is with a snapshot that is not there yet.
    if (this.#isPremature() || this.#saver.mustWait(this.#rows.count)) return;
    this.#reportedReturned = this.#purse.returned;
    this.#reportedRevocation = this.#purse.revocation;
    this.#isEndSent = this.#end !== undefined;
    const operations = this.#journal.take();
    const snapshot = this.#saver.take(this.#rows.count);
    const acknowledgedAfter = this.#waits.take();
    const batch: HostBatch = {
      sequence: ++this.#sequence,
      rows: this.#rows.take(),
      operations,
      returned: this.#purse.returned,
      revocation: this.#purse.revocation,
      idle: this.#idle.total,
      ...(snapshot ? { snapshot } : {}),
      saved: this.#saver.followed,
      ...(acknowledgedAfter ? { acknowledgedAfter } : {}),
      ...(this.#end ? { end: this.#end } : {}),
    };
    this.#unacknowledged.push({ batch, added: this.#added });
    this.#added = [];
    this.#send({ type: 'batch', batch });
    if (!this.#cancelResend) this.#watchForLoss();
  }

  #watchForLoss(): void {
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    if (this.#unacknowledged.length === 0) return;
    this.#cancelResend = this.#clock.after(RESEND_MS, () => {
      for (const { batch } of this.#unacknowledged) this.#send({ type: 'batch', batch });
      this.#watchForLoss();
    });
  }
}
