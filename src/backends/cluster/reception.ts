import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../core/clock.ts';
import { clip, messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { CLUSTER_PROTOCOL, type ClusterWorker, type OfficeOptions } from './contract.ts';
import type { JobBook } from './job-book.ts';
import { startPulse } from './pulse.ts';
import { Roster } from './roster.ts';
import { type Beat, type BeatReply, encode, type JoinReply, type JoinRequest, type Leave } from './talk.ts';

const SWEEP_MS = 500;
/** Of what a worker differs in, so much is told and logged: what it says of itself may be anything. */
const MOST_DIFFERENCES = 20;
const MOST_LENGTH = 1000;
/** How often it is looked whether all workers have told what they are at. */
const ROLL_CALL_MS = 20;

/** Lets workers in, and follows who is there and what each is at. */
export class Reception implements Disposable {
  readonly #options: OfficeOptions;
  readonly #book: JobBook;
  readonly #onSlots: () => void;
  readonly #mostBytes: () => number;
  readonly #roster = new Roster();
  readonly #stopPulse: () => void;
  #isDeaf = false;
  #isClosed = false;
  lost = 0;

  /**
   * @param onSlots called when there are more of them, or fewer
   * @param mostBytes what the engine takes at once
   */
  constructor(options: OfficeOptions, book: JobBook, onSlots: () => void, mostBytes: () => number) {
    this.#options = options;
    this.#book = book;
    this.#onSlots = onSlots;
    this.#mostBytes = mostBytes;
    this.#stopPulse = startPulse(SWEEP_MS, (late) => {
      this.#sweep(late);
    });
  }

  get slots(): number {
    return this.#roster.slots;
  }

  get workers(): readonly ClusterWorker[] {
    return this.#roster.workers;
  }

  join(request: JoinRequest, stream: string): JoinReply {
    const { host, protocol, facts } = request;
    const { onEvent, epoch } = this.#options;
    const verdict =
      protocol === CLUSTER_PROTOCOL ? this.#admit(facts) : { differences: [otherProtocol(protocol)] };
    if ('differences' in verdict) return this.#refuse(host, verdict.differences);
    const reply = { welcome: verdict.welcome, epoch, stream };
    const bytes = encode(reply).length;
    const most = this.#mostBytes();
    if (bytes > most)
      return this.#refuse(host, [
        `what workers are told, ${bytes} bytes, is more than the engine takes at once, ${most}: raise its max_payload`,
      ]);
    const joined = this.#roster.admit(request, systemClock.elapsed(), systemClock.now());
    if (joined) {
      onEvent({ kind: 'joined', worker: joined });
      this.#onSlots();
    }
    return reply;
  }

  #refuse(host: string, all: readonly string[]): JoinReply {
    const differences = brief(all);
    this.#options.onEvent({ kind: 'refused', host, differences });
    return { differences };
  }

  /** Facts are what a stranger says of itself: what cannot be read is a difference as well. */
  #admit(facts: JsonObject): ReturnType<OfficeOptions['admit']> {
    try {
      return this.#options.admit(facts);
    } catch (error) {
      return { differences: [`what it says of itself cannot be read: ${messageOf(error)}`] };
    }
  }

  beat({ id, epoch: theirs, jobs }: Beat, stream: string): BeatReply {
    const { epoch } = this.#options;
    const isKnown = theirs === epoch && this.#roster.heard(id, systemClock.elapsed(), systemClock.now());
    return { isKnown, epoch, stream, unwanted: isKnown ? this.#book.atWork(id, jobs) : [] };
  }

  leave({ id }: Leave): void {
    const worker = this.#roster.dismiss(id);
    this.#book.workerGone(id, false);
    if (!worker) return;
    this.#options.onEvent({ kind: 'left', worker });
    this.#onSlots();
  }

  /** An answer came from it. */
  credit(id: string, units: number): void {
    this.#roster.credit(id, units);
  }

  /** There is no connection, and nobody to blame for being silent. */
  deafen(): void {
    this.#isDeaf = true;
  }

  /** There is one again. */
  hear(): void {
    this.#isDeaf = false;
    this.#roster.excuseAll(systemClock.elapsed());
  }

  /** Resolves when all have told what they are at, or are lost. */
  async rollCall(): Promise<void> {
    const since = systemClock.elapsed();
    while (!this.#isClosed && !this.#roster.allHeardSince(since))
      await delay(ROLL_CALL_MS, undefined, { ref: false });
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#stopPulse();
  }

  #sweep(lateMs: number): void {
    const now = systemClock.elapsed();
    if (lateMs > SWEEP_MS || this.#isDeaf) this.#roster.excuseAll(now);
    const lost = this.#roster.sweep(now);
    for (const worker of lost) {
      this.lost++;
      this.#options.onEvent({ kind: 'lost', worker });
      this.#book.workerGone(worker.id, true);
    }
    if (lost.length > 0) this.#onSlots();
  }
}

function brief(differences: readonly string[]): readonly string[] {
  const some = differences.slice(0, MOST_DIFFERENCES).map((one) => clip(one, MOST_LENGTH));
  const more = differences.length - some.length;
  return more > 0 ? [...some, `and ${more} more`] : some;
}

function otherProtocol(theirs: number): string {
  return `it speaks version ${theirs} of what managers and workers say to each other, the manager version ${CLUSTER_PROTOCOL}: use the same glompo for both`;
}
