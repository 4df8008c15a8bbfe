import { setTimeout as delay } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { systemClock } from '../../core/clock.ts';
import { WorkerLostError } from '../pool/contract.ts';
import {
  CLUSTER_PROTOCOL,
  type ClusterWorker,
  type JobDesk,
  type JobOffice,
  type OfficeOptions,
} from './contract.ts';
import { connectEngine, type Engine } from './engine.ts';
import { JobBook } from './job-book.ts';
import { decode, listen } from './listen.ts';
import { namesOf, resultOf, type RunNames } from './names.ts';
import { startPulse } from './pulse.ts';
import { Roster } from './roster.ts';
import { type KeeperEvents, StreamKeeper } from './stream-keeper.ts';
import {
  type Beat,
  type BeatReply,
  type Cancellation,
  encode,
  type HandBack,
  type JoinReply,
  type JoinRequest,
  type Leave,
  type Over,
} from './talk.ts';

const SWEEP_MS = 500;
/** In the engine even if no worker is there yet. */
const LEAST_ROOM = 4;
/** How often it is looked whether all workers have told what they are at. */
const ROLL_CALL_MS = 20;
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
    await engine.nats.close();
    throw error;
  }
}

class Office implements JobOffice {
  readonly #engine: Engine;
  readonly #names: RunNames;
  readonly #options: OfficeOptions;
  readonly #roster = new Roster();
  readonly #book: JobBook;
  #stopPulse = (): void => {};
  /** Set before it is used: what it tells of comes later. */
  #keeper!: StreamKeeper;
  #isConnected = true;
  #lost = 0;
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
  }

  static async open(engine: Engine, names: RunNames, options: OfficeOptions): Promise<Office> {
    const office = new Office(engine, names, options);
    office.#keeper = await StreamKeeper.make(engine, names, options.epoch, office.#keeperEvents());
    office.#listen();
    office.#stopPulse = startPulse(SWEEP_MS, (late) => {
      office.#sweep(late);
    });
    office.#resize();
    return office;
  }

  get slots(): number {
    return this.#roster.slots;
  }

  get workers(): readonly ClusterWorker[] {
    return this.#roster.workers;
  }

  get counts(): JobOffice['counts'] {
    const { redelivered, duplicates } = this.#book;
    return { lost: this.#lost, redelivered, duplicates };
  }

  open(): JobDesk {
    const most = this.#engine.nats.info?.max_payload ?? Infinity;
    return this.#book.openDesk(most - ENVELOPE_BYTES);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= this.#close();
    return this.#end;
  }

  async #close(): Promise<void> {
    const { nats } = this.#engine;
    this.#stopPulse();
    this.#book.close(new WorkerLostError('the run is over', true, true));
    const over: Over = { epoch: this.#options.epoch };
    nats.publish(this.#names.over, encode(over));
    // The engine has passed on what it was told before, once it answers this.
    await Promise.race([this.#keeper.end().catch(() => {}), delay(FAREWELL_MS, undefined, { ref: false })]);
    await nats.close();
  }

  #keeperEvents(): KeeperEvents {
    const { onEvent } = this.#options;
    return {
      disconnected: () => {
        this.#isConnected = false;
        this.#resize();
        onEvent({ kind: 'disconnected' });
      },
      connected: () => {
        this.#roster.excuseAll(systemClock.elapsed());
        this.#isConnected = true;
      },
      rollCall: () => this.#rollCall(),
      restarted: () => {
        this.#book.restart();
      },
      reopened: () => {
        this.#resize();
        onEvent({ kind: 'reconnected' });
      },
      gaveUp: (seq) => {
        this.#book.gaveUp(seq);
      },
      sent: (job, seq) => {
        this.#book.sent(job, seq);
      },
    };
  }

  #listen(): void {
    const { join, beat, leave, back, results } = this.#names;
    this.#answer(join, (request: JoinRequest) => this.#join(request));
    this.#answer(beat, (message: Beat) => this.#beat(message));
    this.#answer(leave, (message: Leave) => this.#leave(message));
    this.#answer(back, (message: HandBack) => {
      if (message.epoch === this.#options.epoch) this.#book.handedBack(message);
      return {};
    });
    listen(this.#engine.nats, results, (message) => {
      this.#result(message);
    });
  }

  #answer(subject: string, reply: (question: never) => object): void {
    listen(this.#engine.nats, subject, (message) => {
      const question = this.#end ? undefined : decode(message);
      if (question !== undefined) message.respond(encode(reply(question as never)));
    });
  }

  #join(request: JoinRequest): JoinReply {
    const { id, host, protocol, facts } = request;
    const { admit, onEvent, epoch } = this.#options;
    const verdict =
      protocol === CLUSTER_PROTOCOL
        ? admit(facts)
        : {
            differences: [
              `it speaks version ${protocol} of what managers and workers say to each other, the manager version ${CLUSTER_PROTOCOL}: use the same glompo for both`,
            ],
          };
    if ('differences' in verdict) {
      onEvent({ kind: 'refused', host, differences: verdict.differences });
      return verdict;
    }
    const joined = this.#roster.admit({ ...request, id }, systemClock.elapsed(), systemClock.now());
    if (joined) {
      onEvent({ kind: 'joined', worker: joined });
      this.#resize();
    }
    return { welcome: verdict.welcome, epoch, stream: this.#keeper.name };
  }

  #beat({ id, epoch, jobs }: Beat): BeatReply {
    const isKnown =
      epoch === this.#options.epoch && this.#roster.heard(id, systemClock.elapsed(), systemClock.now());
    return {
      isKnown,
      epoch: this.#options.epoch,
      stream: this.#keeper.name,
      unwanted: isKnown ? this.#book.atWork(id, jobs) : [],
    };
  }

  #leave({ id }: Leave): object {
    const worker = this.#roster.dismiss(id);
    this.#book.workerGone(id, false);
    if (worker) {
      this.#options.onEvent({ kind: 'left', worker });
      this.#resize();
    }
    return {};
  }

  #result(message: Msg): void {
    if (this.#end) return;
    const address = resultOf(message.subject);
    if (address.epoch !== this.#options.epoch) {
      message.respond(encode('stale'));
      return;
    }
    this.#roster.credit(address.worker);
    // Its bytes lie anywhere in a buffer of the client's: a copy begins where numbers may begin.
    this.#book.answered(address, new Uint8Array(message.data));
    message.respond(encode('taken'));
  }

  #sweep(lateMs: number): void {
    const now = systemClock.elapsed();
    if (lateMs > SWEEP_MS || !this.#isConnected) this.#roster.excuseAll(now);
    const lost = this.#roster.sweep(now);
    for (const worker of lost) {
      this.#lost++;
      this.#options.onEvent({ kind: 'lost', worker });
      this.#book.workerGone(worker.id, true);
    }
    if (lost.length > 0) this.#resize();
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

  async #rollCall(): Promise<void> {
    const since = systemClock.elapsed();
    while (!this.#end && !this.#roster.allHeardSince(since))
      await delay(ROLL_CALL_MS, undefined, { ref: false });
  }
}
