import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { BackOff } from './back-off.ts';
import { benchLine, type Link } from './bench-line.ts';
import type { Agent, AgentEnd, AgentOptions } from './contract.ts';
import { connectEngine } from './engine.ts';
import { jobOf, namesOf } from './names.ts';
import { pull, replyOf } from './pull.ts';
import { startPulse } from './pulse.ts';
import { type Member, Session } from './session.ts';
import { Tap } from './tap.ts';
import { type BenchLine, type Delivered, Workbench } from './workbench.ts';

const LINGER_SECONDS = 10;
const LEAST_LINGER_SECONDS = 3;
/** The engine waits three times as long before it gives a job to another worker. */
const WORKING_MS = 1500;
/** After so long a silence the manager is looked for elsewhere: a new session of its run may have another engine. */
const SILENCE_MS = 3000;
/** A manager may be at something for so long without a pause, as long as the engine knows that it is there. */
const MOST_BUSY_MS = 600_000;
const RETRY_MS = 250;
/** How long slots have to hand back what came while the tap was closed. */
const LAST_JOBS_MS = 500;

type Found = NonNullable<Awaited<ReturnType<AgentOptions['connection']>>>;

/** Starts the workers' end: it looks for its run, joins, and works until `ended`. */
export function startAgent(options: AgentOptions): Agent {
  return new WorkerAgent(options);
}

/** A connection, and where it was found. */
interface FoundLink extends Link {
  readonly found: Found;
}

class WorkerAgent implements Agent, Member {
  readonly id: string;
  readonly options: AgentOptions;
  readonly tap: Tap = new Tap();
  readonly bench: Workbench;
  readonly ended: Promise<AgentEnd>;
  readonly #over = new AbortController();
  readonly #slots: readonly Promise<void>[];
  readonly #stopPulses: readonly (() => void)[];
  readonly #line: BenchLine;
  #link: FoundLink | undefined;
  #isSearching = false;
  #heardAt: number = systemClock.elapsed();
  /** When it was known last that the manager is there, though it may not have said anything. */
  #thereAt: number = systemClock.elapsed();
  #welcome: { readonly epoch: number; readonly ready: Promise<void>; isDone: boolean } | undefined;
  #runId: string | undefined;
  #lastMessage = '';
  #why: AgentEnd | undefined;
  #isDraining = false;

  constructor(options: AgentOptions) {
    this.options = options;
    // Part of a subject, in which dots have a meaning.
    this.id = `${hostname().replaceAll(/\W/g, '-')}-${process.pid}-${randomBytes(3).toString('hex')}`;
    this.#line = benchLine({
      id: this.id,
      perform: options.perform,
      link: () => this.#link,
      say: (message) => {
        this.#say(message);
      },
    });
    this.bench = new Workbench(this.#line);
    this.#slots = Array.from({ length: options.slots }, (_, slot) => this.#work(slot));
    this.#stopPulses = [
      startPulse(WORKING_MS, () => {
        this.bench.beat();
      }),
      startPulse(RETRY_MS, (late) => {
        this.#watch(late);
      }),
    ];
    this.ended = this.#run();
  }

  drain(graceSeconds: number): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    void this.#finish(graceSeconds);
  }

  heard(): void {
    this.#heardAt = systemClock.elapsed();
    this.#thereAt = this.#heardAt;
  }

  missed(isConnected: boolean): boolean {
    if (this.#silence < SILENCE_MS) return false;
    if (!isConnected) return true;
    if (!this.#isSearching) void this.#lookElsewhere(this.#link);
    return false;
  }

  isWelcome(epoch: number): boolean {
    return this.#welcome?.epoch === epoch && this.#welcome.isDone;
  }

  /** Once for a session of the run, over however many connections: getting ready may take longer than one of them lasts. */
  async welcome(epoch: number, welcome: JsonObject): Promise<void> {
    if (this.#welcome?.epoch !== epoch) {
      this.#say(`joined run ${this.#runId} at ${this.#link?.engine.place}`);
      this.#welcome = { epoch, isDone: false, ready: Promise.resolve(this.options.onWelcome(welcome)) };
    }
    const current = this.#welcome;
    await current.ready;
    current.isDone = true;
  }

  busy(): void {
    if (this.#silence < MOST_BUSY_MS) this.#thereAt = systemClock.elapsed();
  }

  get #silence(): number {
    return systemClock.elapsed() - this.#heardAt;
  }

  /** Over one connection after the other, until there is nothing more to do. */
  async #run(): Promise<AgentEnd> {
    try {
      while (!this.#why) {
        const end = await this.#connect();
        if (end) return end;
        await delay(RETRY_MS, undefined, { signal: this.#over.signal }).catch(() => {});
      }
      return this.#why;
    } finally {
      this.#over.abort();
      for (const stop of this.#stopPulses) stop();
      this.tap.close();
      this.bench.abandonAll();
    }
  }

  /** @returns why there is nothing more to do; undefined when it may be tried again */
  async #connect(): Promise<AgentEnd | undefined> {
    const link = await this.#open();
    if (!link) return undefined;
    this.#link = link;
    try {
      return await link.session.run();
    } finally {
      this.#link = undefined;
      await link.engine.close();
    }
  }

  async #open(): Promise<FoundLink | undefined> {
    try {
      const found = await this.#find();
      if (!found) {
        // Who ends a run takes away by what it is found, and then the engine.
        if (this.#welcome && !this.#over.signal.aborted) this.#stop({ kind: 'over' });
        return undefined;
      }
      const names = namesOf(found.runId);
      const connecting = connectEngine(found.connection, `glompo worker ${found.runId}`);
      const engine = await this.#unlessOver(connecting);
      if (!engine) {
        void connecting.then(({ close }) => close()).catch(() => {});
        return undefined;
      }
      if (this.#runId !== found.runId) {
        this.bench.abandonAll();
        this.#welcome = undefined;
      }
      this.#runId = found.runId;
      return { found, engine, names, session: new Session(this, engine, names) };
    } catch (error) {
      this.#say(messageOf(error));
      return undefined;
    }
  }

  /** It may take long until somebody knows: the manager may be back here before. */
  async #lookElsewhere(link: FoundLink | undefined): Promise<void> {
    this.#isSearching = true;
    try {
      const found = await this.#find();
      if (found && JSON.stringify(found) !== JSON.stringify(link?.found)) link?.session.end(undefined);
    } catch (error) {
      this.#say(messageOf(error));
    } finally {
      this.#isSearching = false;
    }
  }

  #find(): Promise<Found | undefined> {
    return this.#unlessOver(this.options.connection());
  }

  /** Does not wait when there is nothing more to do. */
  async #unlessOver<Value>(promise: Promise<Value>): Promise<Value | undefined> {
    const { signal } = this.#over;
    const over = Promise.withResolvers<undefined>();
    const stop = (): void => {
      over.resolve(undefined);
    };
    if (signal.aborted) return undefined;
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([promise, over.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #stop(why: AgentEnd): void {
    this.#why ??= why;
    this.#over.abort();
    this.#link?.session.end(this.#why);
  }

  #watch(lateMs: number): void {
    // Who could not run could not hear.
    if (lateMs > RETRY_MS) {
      this.#heardAt += lateMs;
      this.#thereAt += lateMs;
    }
    const { lingerSeconds = LINGER_SECONDS } = this.options;
    // Who has joined asks every 1.5 s, and waits a second for an answer.
    const least = this.#welcome ? LEAST_LINGER_SECONDS : 0;
    if (systemClock.elapsed() - this.#thereAt > 1000 * Math.max(least, lingerSeconds))
      this.#stop({ kind: 'alone' });
  }

  async #finish(graceSeconds: number): Promise<void> {
    this.tap.close();
    const { signal } = this.#over;
    const grace = delay(graceSeconds * 1000, undefined, { signal }).catch(() => {});
    await Promise.race([this.bench.whenIdle(), grace]);
    await this.bench.handBackAll();
    await Promise.race([Promise.all(this.#slots), delay(LAST_JOBS_MS, undefined, { ref: false })]);
    await this.#link?.session.leave();
    this.#stop({ kind: 'drained' });
  }

  /** One of those that take a job after the other. */
  async #work(slot: number): Promise<void> {
    const backOff = new BackOff(this.#over.signal);
    for (;;) {
      const source = await this.tap.source();
      if (!source) return;
      try {
        const message = await pull(source);
        if (!message) continue;
        const delivered: Delivered = {
          ...jobOf(message.subject),
          delivery: message.info.deliveryCount,
          copy: `${message.info.stream} ${message.seq}`,
          // Its bytes lie anywhere in a buffer of the client's: a copy begins where numbers may begin.
          payload: new Uint8Array(message.data),
          reply: replyOf(message),
        };
        if (this.tap.isClosed) {
          await this.#line.handBack(delivered, undefined);
          continue;
        }
        const done = await this.bench.take(delivered, slot);
        if (done === 'done') backOff.reset();
        else if (done === 'failed') await backOff.wait();
      } catch {
        // The engine was started again, perhaps: the manager will say where the jobs are.
        this.#link?.session.doubt();
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** The same line once: it tries again and again. */
  #say(message: string): void {
    if (message === this.#lastMessage) return;
    this.#lastMessage = message;
    this.options.onMessage(message);
  }
}
