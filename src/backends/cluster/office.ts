import { setTimeout as delay } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { WorkerLostError } from '../pool/contract.ts';
import type { ClusterWorker, JobDesk, JobOffice, OfficeOptions } from './contract.ts';
import { connectEngine, type Engine, mostBytesOf } from './engine.ts';
import { Desk } from './desk.ts';
import { JobBook } from './job-book.ts';
import { decode, listen } from './listen.ts';
import { namesOf, resultOf, type RunNames } from './names.ts';
import { Reception } from './reception.ts';
import { asBeat, asHandBack, asJoin, asLeave, isResult } from './shapes.ts';
import { type KeeperEvents, StreamKeeper } from './stream-keeper.ts';
import { type Cancellation, encode, type Over } from './talk.ts';

/** In the engine even if no worker is there yet. */
const LEAST_ROOM = 4;
/** How long the engine has at the end, should it be gone, too. */
const FAREWELL_MS = 2000;
/** Of a message, for what else is in it: its subject and headers. */
const ENVELOPE_BYTES = 1024;

/**
 * Opens the manager's end of a run in an engine. What an earlier session of the run left there is removed.
 *
 * @throws {CodedError} `engine-unusable`, when it cannot be reached or used
 */
export async function openOffice(options: OfficeOptions): Promise<JobOffice> {
  const names = namesOf(options.runId);
  const engine = await connectEngine(options.connection, `glompo manager ${options.runId}`);
  try {
    return await Office.open(engine, names, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

class Office implements JobOffice {
  readonly #engine: Engine;
  readonly #names: RunNames;
  readonly #options: OfficeOptions;
  readonly #book: JobBook;
  readonly #reception: Reception;
  /** Set before it is used: what it tells of comes later. */
  #keeper!: StreamKeeper;
  /** Which are to be told to the workers when this turn is over, all at once. */
  #cancelled: number[] = [];
  #end: Promise<void> | undefined;

  private constructor(engine: Engine, names: RunNames, options: OfficeOptions) {
    this.#engine = engine;
    this.#names = names;
    this.#options = options;
    this.#book = new JobBook({
      send: (job) => void this.#keeper.send(job),
      remove: (seq) => {
        this.#keeper.remove(seq);
      },
      cancel: ({ id }) => {
        this.#cancel(id);
      },
      redelivered: (jobs) => {
        options.onEvent({ kind: 'redelivered', jobs });
      },
    });
    const onSlots = (): void => {
      this.#resize();
    };
    this.#reception = new Reception(options, this.#book, onSlots, () => mostBytesOf(engine));
  }

  static async open(engine: Engine, names: RunNames, options: OfficeOptions): Promise<Office> {
    const office = new Office(engine, names, options);
    try {
      office.#keeper = await StreamKeeper.make(engine, names, options.epoch, office.#keeperEvents());
    } catch (error) {
      office.#reception[Symbol.dispose]();
      throw error;
    }
    office.#listen();
    office.#resize();
    return office;
  }

  get slots(): number {
    return this.#reception.slots;
  }

  get workers(): readonly ClusterWorker[] {
    return this.#reception.workers;
  }

  get counts(): JobOffice['counts'] {
    const { redelivered, duplicates } = this.#book;
    return { lost: this.#reception.lost, redelivered, duplicates };
  }

  open(): JobDesk {
    return new Desk(this.#book, mostBytesOf(this.#engine) - ENVELOPE_BYTES);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= this.#close();
    return this.#end;
  }

  async #close(): Promise<void> {
    const { nats } = this.#engine;
    this.#reception[Symbol.dispose]();
    this.#book.close(new WorkerLostError('the run is over', true, true));
    const over: Over = { epoch: this.#options.epoch };
    nats.publish(this.#names.over, encode(over));
    // The engine has passed on what it was told before, once it answers this.
    await Promise.race([this.#keeper.end().catch(() => {}), delay(FAREWELL_MS, undefined, { ref: false })]);
    await this.#engine.close();
  }

  #keeperEvents(): KeeperEvents {
    const { onEvent } = this.#options;
    return {
      inside: this.#book.inside,
      disconnected: () => {
        this.#reception.deafen();
        this.#resize();
        onEvent({ kind: 'disconnected' });
      },
      connected: () => {
        this.#reception.hear();
      },
      rollCall: () => this.#reception.rollCall(),
      restarted: () => {
        this.#book.restart();
      },
      refused: (why) => {
        onEvent({ kind: 'full', why });
      },
      emptied: () => {
        this.#resize();
        onEvent({ kind: 'emptied' });
      },
      reopened: () => {
        this.#resize();
        onEvent({ kind: 'reconnected' });
      },
      gaveUp: (seq) => {
        this.#book.gaveUp(seq);
      },
      doubted: (seq) => {
        this.#book.doubt(seq);
      },
      settled: () => {
        this.#book.sendDoubted();
      },
      sent: (job, seq) => {
        this.#book.sent(job, seq);
      },
    };
  }

  #listen(): void {
    const { join, beat, leave, back, results } = this.#names;
    this.#answer(join, asJoin, (request) => this.#reception.join(request, this.#keeper.name));
    this.#answer(beat, asBeat, (message) => this.#reception.beat(message, this.#keeper.name));
    this.#answer(leave, asLeave, (message) => {
      this.#reception.leave(message);
      return {};
    });
    this.#answer(back, asHandBack, (message) => {
      if (message.epoch === this.#options.epoch) this.#book.handedBack(message);
      return {};
    });
    listen(this.#engine.nats, results, (message) => {
      this.#result(message);
    });
  }

  /** What is no question of this kind gets no answer. */
  #answer<Question>(
    subject: string,
    check: (said: unknown) => Question | undefined,
    reply: (question: Question) => object,
  ): void {
    listen(this.#engine.nats, subject, (message) => {
      const question = this.#end ? undefined : check(decode(message));
      if (question !== undefined) message.respond(encode(reply(question)));
    });
  }

  #result(message: Msg): void {
    if (this.#end) return;
    const address = resultOf(message.subject);
    if (!isResult(address)) return;
    if (address.epoch !== this.#options.epoch) {
      message.respond(encode('stale'));
      return;
    }
    // Its bytes lie anywhere in a buffer of the client's: a copy begins where numbers may begin.
    const units = this.#book.answered(address, new Uint8Array(message.data));
    this.#reception.credit(address.worker, units);
    message.respond(encode('taken'));
  }

  #resize(): void {
    this.#book.limit(Math.max(LEAST_ROOM, 2 * this.slots), this.#keeper.isOpen);
  }

  #cancel(job: number): void {
    if (this.#cancelled.push(job) > 1) return;
    queueMicrotask(() => {
      const message: Cancellation = { epoch: this.#options.epoch, jobs: this.#cancelled };
      this.#cancelled = [];
      // What is lost with a connection, a worker is told when it next says what it is at.
      this.#engine.nats.publish(this.#names.cancel, encode(message));
    });
  }
}
