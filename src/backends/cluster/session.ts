import { hostname } from 'node:os';
import type { Msg } from '@nats-io/transport-node';
import { CodedError, messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { type AgentEnd, type AgentOptions, CLUSTER_PROTOCOL } from './contract.ts';
import { type Engine, mostBytesOf } from './engine.ts';
import { decode, listen } from './listen.ts';
import { CONSUMER, type RunNames } from './names.ts';
import { Pause } from './pause.ts';
import { asBeatReply, asCancellation, asJoinReply, asOver } from './shapes.ts';
import type { Tap } from './tap.ts';
import { type Beat, encode, type HandBack, type JoinRequest, type Leave } from './talk.ts';
import type { Workbench } from './workbench.ts';

/** Three are missed before a worker is lost. */
const BEAT_MS = 1500;
/** A job that is done sooner is not told of in particular. */
const BEGUN_MS = 20;
const ASK_MS = 1000;
const RETRY_MS = 250;

/** What a worker is, whatever it is connected to. */
export interface Member {
  readonly id: string;
  readonly options: AgentOptions;
  readonly bench: Workbench;
  readonly tap: Tap;
  /** The manager has said something. */
  heard(): void;
  /** The manager is there and does not answer. */
  busy(): void;
  /** The manager was silent for a while. @returns whether this connection is given up */
  missed(isConnected: boolean): boolean;
  /** Whether it was welcomed in this session of the run. */
  isWelcome(epoch: number): boolean;
  welcome(epoch: number, welcome: JsonObject): Promise<void>;
}

/** A worker's part in a run over one connection: joins, says what it is at, and opens the tap where the jobs are. */
export class Session {
  readonly #member: Member;
  readonly #engine: Engine;
  readonly #names: RunNames;
  readonly #pause = new Pause();
  readonly #end = Promise.withResolvers<AgentEnd | undefined>();
  #isEnded = false;
  #isConnected = true;
  #epoch = 0;
  #isIn = false;
  /** Where the manager says that the jobs are, and where they are taken from. */
  #stream: string | undefined;
  #tapped: string | undefined;

  constructor(member: Member, engine: Engine, names: RunNames) {
    this.#member = member;
    this.#engine = engine;
    this.#names = names;
  }

  /** @returns why there is nothing more to do; undefined when the manager is to be looked for elsewhere */
  async run(): Promise<AgentEnd | undefined> {
    const { nats } = this.#engine;
    listen(nats, this.#names.cancel, (message) => {
      const told = asCancellation(decode(message));
      if (told) this.#member.bench.cancel(told.epoch, told.jobs);
    });
    listen(nats, this.#names.over, (message) => {
      const told = asOver(decode(message));
      if (told && told.epoch >= this.#epoch) this.end({ kind: 'over' });
    });
    void this.#watch();
    void this.#live();
    const end = await this.#end.promise;
    this.#member.tap.shut();
    return end;
  }

  end(end: AgentEnd | undefined): void {
    this.#isEnded = true;
    this.#pause.end();
    this.#end.resolve(end);
  }

  /** It has something new to tell. */
  begun(): void {
    this.#pause.endWithin(BEGUN_MS);
  }

  /** Something is not as the manager said: it may say otherwise now. */
  doubt(): void {
    this.#pause.endWithin(RETRY_MS);
  }

  /** @throws when nobody has answered in time, or with what is no answer to that */
  async ask<Reply>(
    subject: string,
    message: Uint8Array,
    check: (said: unknown) => Reply | undefined,
    timeout: number = ASK_MS,
  ): Promise<Reply> {
    const said = check(decode(await this.#request(subject, message, timeout)));
    if (said === undefined) throw new Error(`what came as an answer on ${subject} is none`);
    this.#member.heard();
    return said;
  }

  async #request(subject: string, message: Uint8Array, timeout: number): Promise<Msg> {
    try {
      return await this.#engine.nats.request(subject, message, { timeout });
    } catch (error) {
      // The engine knows of nobody there otherwise: the manager listens, and is at something that takes long.
      if (this.#isConnected && error instanceof Error && error.name === 'TimeoutError') this.#member.busy();
      throw error;
    }
  }

  async handBack(message: Omit<HandBack, 'id'>): Promise<void> {
    await this.ask(
      this.#names.back,
      encode({ ...message, id: this.#member.id } satisfies HandBack),
      asAnything,
    );
  }

  /** Says that it goes, and nothing after that, by which it would join again. */
  async leave(): Promise<void> {
    this.#isEnded = true;
    const message: Leave = { id: this.#member.id };
    // Whether it was let in may not have come to it yet.
    if (this.#isConnected) await this.ask(this.#names.leave, encode(message), asAnything).catch(() => {});
  }

  async #live(): Promise<void> {
    while (!this.#isEnded)
      try {
        if (this.#isIn) await this.#beat();
        else await this.#join();
        if (this.#isIn) await this.#pause.wait(BEAT_MS);
      } catch {
        // Nobody is there, or nobody who answers.
        if (this.#isEnded) return;
        if (this.#member.missed(this.#isConnected)) this.end(undefined);
        else await this.#pause.wait(RETRY_MS);
      }
  }

  async #join(): Promise<void> {
    const { id, options, bench } = this.#member;
    const { slots, facts } = options;
    const request: JoinRequest = {
      protocol: CLUSTER_PROTOCOL,
      id,
      host: hostname(),
      pid: process.pid,
      slots,
      facts,
    };
    const message = encode(request);
    const most = mostBytesOf(this.#engine);
    if (message.length > most) {
      this.#isEnded = true;
      this.#end.reject(tooMuchToSay(message.length, most));
      return;
    }
    const reply = await this.ask(this.#names.join, message, asJoinReply);
    if ('differences' in reply) {
      this.end({ kind: 'refused', differences: reply.differences });
      return;
    }
    const { epoch, stream, welcome } = reply;
    if (epoch !== this.#epoch) {
      bench.enter(epoch);
      // Nothing is done before it is ready for this session.
      this.#member.tap.shut();
      this.#tapped = undefined;
    }
    this.#epoch = epoch;
    this.#stream = stream;
    this.#isIn = true;
    void this.#begin(epoch, welcome);
  }

  /** Loading what it works with may take long, and it is there meanwhile. */
  async #begin(epoch: number, welcome: JsonObject): Promise<void> {
    try {
      await this.#member.welcome(epoch, welcome);
      await this.#follow();
    } catch (error) {
      await this.leave();
      this.#end.reject(error);
    }
  }

  async #beat(): Promise<void> {
    const { id, bench } = this.#member;
    const message: Beat = { id, epoch: this.#epoch, jobs: bench.jobs };
    const { isKnown, epoch, stream, unwanted } = await this.ask(
      this.#names.beat,
      encode(message),
      asBeatReply,
    );
    this.#isIn = isKnown && epoch === this.#epoch;
    if (!this.#isIn) return;
    bench.cancel(epoch, unwanted);
    this.#stream = stream;
    if (this.#member.isWelcome(epoch)) await this.#follow();
  }

  /** Opens the tap where the jobs are, which is elsewhere when the engine was started again. */
  async #follow(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || stream === this.#tapped || this.#isEnded) return;
    try {
      const consumer = await this.#engine.jetstream.consumers.get(stream, CONSUMER);
      if (stream !== this.#stream || stream === this.#tapped || this.#isEnded) return;
      this.#tapped = stream;
      this.#member.tap.open(consumer);
    } catch (error) {
      this.#member.options.onMessage(`cannot take jobs yet: ${messageOf(error)}`);
      this.doubt();
    }
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#engine.nats.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      if (type !== 'reconnect') continue;
      this.#isConnected = true;
      // What it is at, the manager waits to hear.
      this.#pause.end();
    }
  }
}

/** That there is an answer says all. */
function asAnything(said: unknown): unknown {
  return said;
}

function tooMuchToSay(bytes: number, most: number): CodedError {
  return new CodedError(
    'engine-unusable',
    `what this worker says of its task, ${bytes} bytes, is more than the engine takes at once, ${most}: raise its max_payload`,
  );
}
