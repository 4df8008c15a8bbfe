import type { Clock } from '../core/clock.ts';
import { DurationCounts } from '../core/quantiles.ts';
import type { JournalWriter } from '../optimizers/journal.ts';
import { type Finished, packRows } from './batch.ts';
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

/** A batch on its way. Its rows are packed each time that it is sent, as their memory goes along. */
interface Unacknowledged {
  readonly batch: Omit<HostBatch, 'rows'>;
  readonly finished: readonly Finished[];
  /** When these were added. */
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
  /** How many parameters a point has. */
  size = 0;
  #rows: Finished[] = [];
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

  add(finished: readonly Finished[]): void {
    if (finished.length === 0) return;
    this.#added.push({ at: this.#clock.elapsed(), count: finished.length });
    for (const one of finished) this.#rows.push(one);
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
    this.#rows = [];
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
      this.#unacknowledged.length === 0 || this.#rows.length >= FULL_BATCH || this.#end !== undefined;
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
      this.#rows.length > 0 ||
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
    if (this.#isPremature() || this.#saver.mustWait(this.#rows.length)) return;
    this.#reportedReturned = this.#purse.returned;
    this.#reportedRevocation = this.#purse.revocation;
    this.#isEndSent = this.#end !== undefined;
    const operations = this.#journal.take();
    const snapshot = this.#saver.take(this.#rows.length);
    const acknowledgedAfter = this.#waits.take();
    const batch: Omit<HostBatch, 'rows'> = {
      sequence: ++this.#sequence,
      operations,
      returned: this.#purse.returned,
      revocation: this.#purse.revocation,
      idle: this.#idle.total,
      ...(snapshot ? { snapshot } : {}),
      saved: this.#saver.followed,
      ...(acknowledgedAfter ? { acknowledgedAfter } : {}),
      ...(this.#end ? { end: this.#end } : {}),
    };
    const unacknowledged = { batch, finished: this.#rows, added: this.#added };
    this.#rows = [];
    this.#added = [];
    this.#unacknowledged.push(unacknowledged);
    this.#sendNow(unacknowledged);
    if (!this.#cancelResend) this.#watchForLoss();
  }

  #sendNow({ batch, finished }: Unacknowledged): void {
    this.#send({ type: 'batch', batch: { ...batch, rows: packRows(finished, this.size) } });
  }

  #watchForLoss(): void {
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    if (this.#unacknowledged.length === 0) return;
    this.#cancelResend = this.#clock.after(RESEND_MS, () => {
      for (const one of this.#unacknowledged) this.#sendNow(one);
      this.#watchForLoss();
    });
  }
}
