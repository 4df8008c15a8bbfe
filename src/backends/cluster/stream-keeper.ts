import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from '@nats-io/transport-node';
import type { Engine } from './engine.ts';
import type { Job } from './job.ts';
import { ACK_WAIT_MS, isRefusal, JobStream } from './job-stream.ts';
import { decode, listen } from './listen.ts';
import type { RunNames } from './names.ts';
import { startPulse } from './pulse.ts';

const RETRY_MS = 250;
/** How often it is looked whether the jobs are in there still: nobody tells when they are not. */
const LOOK_MS = 5000;
/** What was given away before comes to somebody who says so, or the engine tells that it gave up, within that. */
const SETTLED_MS = ACK_WAIT_MS + 1000;

export interface KeeperEvents {
  disconnected(): void;
  /** The engine answers again, but jobs do not go in yet. */
  connected(): void;
  /** Resolves when all workers have said what they are at, or are lost. */
  rollCall(): Promise<void>;
  /** There is a new stream in the engine, which is empty. */
  restarted(): void;
  /** Jobs go in, after they did not. */
  reopened(): void;
  /** A job in the engine comes to nobody any more. */
  gaveUp(seq: number): void;
  /** So may it be with all up to this one: what the engine told while there was no connection is lost. */
  doubted(seq: number): void;
  /** What nobody has said to be at by now comes to nobody by itself. */
  settled(): void;
  /** It is in the engine. */
  sent(job: Job, seq: number): void;
  /** The engine is there and takes no job, and why; told once until it takes one. */
  refused(why: string): void;
  /** Jobs are not in the engine any more, though it was there all the time. */
  emptied(): void;
  /** Numbers of the jobs that have to be in there, as it is at any moment. */
  readonly inside: ReadonlyMap<number, unknown>;
}

/** Keeps a stream of jobs in the engine, through cuts of the connection and restarts of the server. */
export class StreamKeeper {
  readonly #engine: Engine;
  readonly #names: RunNames;
  readonly #epoch: number;
  readonly #events: KeeperEvents;
  #stream: JobStream;
  #losses: Subscription | undefined;
  #isOpen = true;
  /** It is a new stream, and what was in the one before did not go in yet. */
  #isEmpty = false;
  /** Which connection this is: what was begun with an earlier one is given up. */
  #connection = 1;
  #isEnded = false;
  #isLooking = false;
  #isRefusing = false;
  readonly #stopPulse: () => void;

  private constructor(
    engine: Engine,
    names: RunNames,
    epoch: number,
    events: KeeperEvents,
    stream: JobStream,
  ) {
    this.#engine = engine;
    this.#names = names;
    this.#epoch = epoch;
    this.#events = events;
    this.#stream = stream;
    this.#listen();
    void this.#watch();
    this.#stopPulse = startPulse(LOOK_MS, () => void this.#look());
  }

  static async make(
    engine: Engine,
    names: RunNames,
    epoch: number,
    events: KeeperEvents,
  ): Promise<StreamKeeper> {
    return new StreamKeeper(engine, names, epoch, events, await JobStream.make(engine, names, epoch));
  }

  /** Of the stream. */
  get name(): string {
    return this.#stream.name;
  }

  /** Whether jobs may go in. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Until it is in the engine, or need not be any more. When it is not known whether it arrived it goes once more, and is in there once. */
  async send(job: Job): Promise<void> {
    const sending = job.sendings;
    const stream = this.#stream;
    while (!job.isSettled && job.sendings === sending && stream === this.#stream)
      try {
        const seq = await stream.put({ epoch: this.#epoch, job: job.id }, sending, job.payload);
        this.#isRefusing = false;
        if (stream !== this.#stream) return;
        if (job.sendings === sending) this.#events.sent(job, seq);
        else this.remove(seq);
        return;
      } catch (error) {
        if (isRefusal(error) && !this.#isRefusing) {
          this.#isRefusing = true;
          this.#events.refused(error.message);
        }
        // There may be nothing that could take it.
        void this.#look();
        await delay(RETRY_MS, undefined, { ref: false });
      }
  }

  remove(seq: number): void {
    void this.#stream.remove(seq);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    this.#stopPulse();
    await this.#stream.end();
  }

  /** The client makes the connection again whenever it breaks. */
  async #watch(): Promise<void> {
    for await (const { type } of this.#engine.nats.status()) {
      if (this.#isEnded) return;
      if (type === 'disconnect') {
        this.#connection++;
        if (this.#isOpen) {
          this.#isOpen = false;
          this.#events.disconnected();
        }
      } else if (type === 'reconnect') {
        this.#events.connected();
        void this.#reopen(this.#connection);
      }
    }
  }

  /** Somebody may take jobs out of the engine, and one of several servers may lose them. */
  async #look(): Promise<void> {
    if (this.#isLooking || !this.#isOpen || this.#isEnded) return;
    this.#isLooking = true;
    const connection = this.#connection;
    // If it does not answer, the client sees to that.
    const isWhole = await this.#isWhole().catch(() => true);
    this.#isLooking = false;
    if (isWhole || !this.#isOpen || connection !== this.#connection) return;
    this.#isOpen = false;
    this.#events.emptied();
    await this.#reopen(connection);
  }

  /** @throws when the engine does not answer */
  async #isWhole(): Promise<boolean> {
    const { inside } = this.#events;
    const before = [...inside.keys()];
    const held = await this.#stream.held();
    // In a new one there is nothing yet. Whatever was done meanwhile may be in there no more.
    return held !== undefined && (this.#isEmpty || before.filter((seq) => inside.has(seq)).length <= held);
  }

  async #reopen(connection: number): Promise<void> {
    while (!this.#isEnded && connection === this.#connection)
      try {
        if (!(await this.#isWhole())) {
          this.#stream = await JobStream.make(this.#engine, this.#names, this.#epoch);
          this.#isEmpty = true;
          this.#listen();
        }
        if (this.#isEmpty) {
          // A worker goes on with what it has: put in at once, it would be done twice.
          await this.#events.rollCall();
          if (connection !== this.#connection) return;
          this.#isEmpty = false;
          this.#events.restarted();
        }
        this.#isOpen = true;
        this.#events.reopened();
        void this.#settle(connection);
        return;
      } catch {
        // It is still starting, or gone again.
        await delay(RETRY_MS, undefined, { ref: false });
      }
  }

  /** Jobs that wait in the engine still are none of those, nor are those that came to somebody just before: nothing is done twice for that. */
  async #settle(connection: number): Promise<void> {
    const isOver = (): boolean => this.#isEnded || connection !== this.#connection;
    await this.#events.rollCall();
    for (let given: number | undefined; given === undefined;) {
      if (isOver()) return;
      given = await this.#stream.given().catch(() => delay(RETRY_MS, undefined, { ref: false }));
      if (given !== undefined && !isOver()) this.#events.doubted(given);
    }
    await delay(SETTLED_MS, undefined, { ref: false });
    if (!isOver()) this.#events.settled();
  }

  #listen(): void {
    this.#losses?.unsubscribe();
    this.#losses = listen(this.#engine.nats, this.#stream.gaveUp, (message) => {
      const told = decode(message) as { readonly stream_seq: number } | undefined;
      if (told) this.#events.gaveUp(told.stream_seq);
    });
  }
}
