import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { JobAddress } from './names.ts';

/** A job that came from the engine. */
export interface Delivered extends JobAddress {
  readonly delivery: number;
  /** Another one each time that the manager has put the job into the engine. */
  readonly copy: string;
  readonly payload: Uint8Array;
  /** Where to tell the engine that it is being done, or is done. */
  readonly reply: string;
}

/** How a worker tells what became of its jobs. */
export interface BenchLine {
  perform(payload: Uint8Array, slot: number, signal: AbortSignal): Promise<Uint8Array>;
  /** One attempt to hand in an answer. @throws when nobody has confirmed it */
  deliver(work: Delivered, answer: Uint8Array): Promise<void>;
  /** One attempt to hand a job back. @throws when nobody has confirmed it */
  handBack(work: Delivered, fault: Fault | undefined): Promise<void>;
  /** To the engine, at best. */
  acknowledge(reply: string, kind: 'done' | 'working'): void;
  /** It has something new to tell of what it is at. */
  begun(): void;
}

interface Fault {
  readonly message: string;
  readonly isHopeless: boolean;
}

/** `dropped` is what was done in vain, or not at all. */
type Done = 'done' | 'failed' | 'dropped';

interface Work {
  delivered: Delivered;
  /** It could not be done, and the manager is being told so. */
  isHandedBack: boolean;
  readonly abort: AbortController;
}

/** What the next attempt waits, if the last one has failed at once. */
const RETRY_MS = 100;

/** The jobs that a worker is at, each until the manager knows what became of it. */
export class Workbench {
  readonly #line: BenchLine;
  readonly #works = new Map<number, Work>();
  #epoch = 0;
  #idle: (() => void)[] = [];

  constructor(line: BenchLine) {
    this.#line = line;
  }

  get jobs(): readonly (readonly [job: number, delivery: number])[] {
    return [...this.#works.values()].map(({ delivered: { job, delivery } }) => [job, delivery] as const);
  }

  /** What was asked for in an earlier session of the run is not to be done any more. */
  enter(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.abandonAll();
  }

  /** Does one job, and returns when the manager knows of it or does not want to. */
  async take(delivered: Delivered, slot: number): Promise<Done> {
    if (delivered.epoch !== this.#epoch) return 'dropped';
    const known = this.#works.get(delivered.job);
    // The manager knows that it came back, and wants it tried again: this came before its answer.
    if (known?.isHandedBack === true && known.delivered.copy !== delivered.copy) known.abort.abort();
    else if (known) {
      // The engine has not heard for too long that it is being done: this is so, and goes on.
      known.delivered = delivered;
      this.#line.acknowledge(delivered.reply, 'working');
      return 'dropped';
    }
    const work: Work = { delivered, isHandedBack: false, abort: new AbortController() };
    this.#works.set(delivered.job, work);
    this.#line.begun();
    try {
      return await this.#do(work, slot);
    } finally {
      this.#leave(work);
    }
  }

  /** Says to the engine that all is being done: it would give it to others. */
  beat(): void {
    for (const { delivered } of this.#works.values()) this.#line.acknowledge(delivered.reply, 'working');
  }

  cancel(epoch: number, jobs: readonly number[]): void {
    if (epoch !== this.#epoch) return;
    for (const job of jobs) {
      const work = this.#works.get(job);
      if (!work) continue;
      work.abort.abort();
      this.#leave(work);
      this.#line.acknowledge(work.delivered.reply, 'done');
    }
  }

  /** Gives up all, and tells nobody. */
  abandonAll(): void {
    for (const work of this.#works.values()) {
      work.abort.abort();
      this.#leave(work);
    }
  }

  /** Gives up all, and tells the manager, if it can be reached at once. */
  async handBackAll(): Promise<void> {
    const works = [...this.#works.values()];
    this.abandonAll();
    await Promise.allSettled(works.map(({ delivered }) => this.#line.handBack(delivered, undefined)));
  }

  /** Resolves when there is nothing left to do. */
  async whenIdle(): Promise<void> {
    if (this.#works.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #do(work: Work, slot: number): Promise<Done> {
    const { signal } = work.abort;
    let tell: () => Promise<void>;
    let done: Done = 'done';
    try {
      const answer = await this.#line.perform(work.delivered.payload, slot, signal);
      tell = () => this.#line.deliver(work.delivered, answer);
    } catch (error) {
      done = 'failed';
      work.isHandedBack = true;
      const fault = { message: messageOf(error), isHopeless: false };
      tell = () => this.#line.handBack(work.delivered, fault);
    }
    // Also over another connection, and to a server that was started again: until somebody knows.
    while (!signal.aborted)
      try {
        await tell();
        this.#line.acknowledge(work.delivered.reply, 'done');
        return done;
      } catch {
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    return done === 'failed' ? done : 'dropped';
  }

  #leave(work: Work): void {
    const { job } = work.delivered;
    if (this.#works.get(job) === work) this.#works.delete(job);
    if (this.#works.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
