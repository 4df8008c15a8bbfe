import { messageOf } from '../../core/errors.ts';
import { type Executor, WorkerLostError } from './contract.ts';
import type { Member, MemberListener } from './member.ts';

/** So many workers that die before they have taken any work, one after the other, will not take any. */
const MOST_FAILED_STARTS = 5;

/** A chunk, and who is at it. */
interface Shift<Item, Reply> {
  readonly items: readonly Item[];
  readonly onReply: (index: number, reply: Reply) => void;
  readonly end: (lost?: WorkerLostError) => void;
  replied: number;
}

class Place<Item, Reply> {
  member!: Member<Item>;
  /** How many items it was given. */
  taken = 0;
  wasReady = false;
  /** It was ended, and will be gone: what it still says frees it for nothing. */
  isEnding = false;
  shift: Shift<Item, Reply> | undefined;
}

interface CrewOptions {
  /** Called before all workers are ended: whatever they come from starts no more of them. */
  readonly close?: () => Promise<void>;
  /** After how many items a worker is replaced; no chunk has more. */
  readonly mostItems?: number;
  /**
   * What those are told who wait for a worker when none starts: it is tried again with the next `resize`, and one that is unfit is replaced.
   * @default what is wrong with one worker is wrong with all, for good
   */
  readonly whenNoneStarts?: (message: string) => Error;
}

/**
 * A number of workers that start side by side, take chunks as each is ready, and are replaced when they die.
 */
export class Crew<Item, Reply> implements Executor<Item, Reply> {
  readonly #recruit: (listener: MemberListener<Reply>) => Member<Item>;
  readonly #close: () => Promise<void>;
  readonly #mostItems: number;
  readonly #whenNoneStarts: CrewOptions['whenNoneStarts'];
  readonly #places = new Set<Place<Item, Reply>>();
  readonly #idle: Place<Item, Reply>[] = [];
  /** Who waits for a worker to be idle, first come first served. */
  readonly #waiting: {
    readonly take: (place: Place<Item, Reply>) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  /** Ends of those that are not needed any more. */
  readonly #leaving = new Set<Promise<void>>();
  #failedStarts = 0;
  /** So many that are unfit at the start are all of them. */
  #size = 0;
  #failure: Error | undefined;
  #isClosed = false;

  /** @param recruit starts one worker */
  constructor(
    recruit: (listener: MemberListener<Reply>) => Member<Item>,
    { close = async () => {}, mostItems = Infinity, whenNoneStarts }: CrewOptions = {},
  ) {
    this.#recruit = recruit;
    this.#close = close;
    this.#mostItems = mostItems;
    this.#whenNoneStarts = whenNoneStarts;
  }

  /**
   * Starts so many workers, and waits until the first of them is ready: what none of them can load is known then.
   *
   * @throws what kept them from starting, or that they were ended, after all are gone
   */
  async start(workers: number): Promise<void> {
    this.#size = workers;
    for (let i = 0; i < workers; i++) this.#fill();
    try {
      this.#free(await this.#next());
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts more workers, or ends some that have nothing to do. Others are tried in the place of those that did not start, where that is of use. */
  resize(workers: number): void {
    if (this.#whenNoneStarts && !this.#isClosed) {
      this.#failure = undefined;
      this.#failedStarts = 0;
    }
    const starting = [...this.#places].filter((place) => !place.shift && !this.#idle.includes(place));
    for (const place of [...starting, ...this.#idle].slice(0, Math.max(0, this.#places.size - workers)))
      this.#letGo(place);
    while (this.#places.size < workers) this.#fill();
  }

  async run(
    items: readonly Item[],
    onReply: (index: number, reply: Reply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let place = await this.#next();
    // It may have died in the same moment in which it became free, or have too little left of what it may do.
    while (!this.#places.has(place) || place.taken + items.length > this.#mostItems) {
      this.#replace(place);
      place = await this.#next();
    }
    // Given up while it waited for a worker, which has nothing to do with it.
    if (signal.aborted) {
      this.#free(place);
      throw new WorkerLostError('it was given up before a worker took it up', true, true);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    place.shift = {
      items,
      onReply,
      end: (lost) => {
        if (lost) reject(lost);
        else resolve();
      },
      replied: 0,
    };
    const { member } = place;
    const end = (): void => {
      if (member.giveUp) {
        member.giveUp();
        return;
      }
      place.isEnding = true;
      void member.end();
    };
    place.taken += items.length;
    // Not by one that has been there for long: it says nothing of those that start.
    if (!this.#whenNoneStarts || place.taken === items.length) this.#failedStarts = 0;
    signal.addEventListener('abort', end, { once: true });
    try {
      this.#give(place, items);
      await promise;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  busySince(items: readonly Item[]): number | undefined {
    for (const { shift, member } of this.#places) if (shift?.items === items) return member.busySince();
    return undefined;
  }

  /** Why it takes nothing any more: its workers do not start. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether no worker has anything to do; some may still be starting. */
  get isIdle(): boolean {
    return (
      !this.#isClosed &&
      !this.#failure &&
      this.#waiting.length === 0 &&
      [...this.#places].every(({ shift }) => shift === undefined)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([
      this.#close(),
      ...this.#leaving,
      ...[...this.#places].map(({ member }) => member.end()),
    ]);
    this.#fail(new WorkerLostError('the workers were ended', true, true));
  }

  /** @throws {WorkerLostError} when the chunk cannot be sent, of which the worker may have a part */
  #give(place: Place<Item, Reply>, items: readonly Item[]): void {
    try {
      place.member.take(items);
    } catch (error) {
      place.shift = undefined;
      this.#replace(place);
      throw new WorkerLostError(`it could not be sent to a worker: ${messageOf(error)}`, false);
    }
  }

  #letGo(place: Place<Item, Reply>): void {
    this.#remove(place);
    const end = place.member.end();
    this.#leaving.add(end);
    void end.then(() => this.#leaving.delete(end));
  }

  /** Another worker takes its place, if it is still one of them. */
  #replace(place: Place<Item, Reply>): void {
    if (!this.#places.has(place)) return;
    this.#letGo(place);
    if (!this.#isClosed && !this.#failure) this.#fill();
  }

  /** @returns whether it was one of them */
  #remove(place: Place<Item, Reply>): boolean {
    const at = this.#idle.indexOf(place);
    if (at >= 0) this.#idle.splice(at, 1);
    return this.#places.delete(place);
  }

  #next(): Promise<Place<Item, Reply>> {
    const place = this.#idle.pop();
    if (place) return Promise.resolve(place);
    if (this.#failure) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Place<Item, Reply>>();
    this.#waiting.push({ take: resolve, fail: reject });
    return promise;
  }

  #free(place: Place<Item, Reply>): void {
    const next = this.#waiting.shift();
    if (next) next.take(place);
    else this.#idle.push(place);
  }

  #fill(): void {
    const place = new Place<Item, Reply>();
    place.member = this.#recruit({
      ready: () => {
        if (!this.#places.has(place)) return;
        place.wasReady = true;
        this.#free(place);
      },
      unfit: (error) => {
        if (!this.#places.has(place)) return;
        if (!this.#whenNoneStarts) {
          this.#fail(error);
          return;
        }
        this.#letGo(place);
        this.#notStarted(error, Math.min(MOST_FAILED_STARTS, this.#size));
      },
      replied: (reply) => {
        const { shift } = place;
        if (!shift) return;
        shift.onReply(shift.replied++, reply);
        if (shift.replied < shift.items.length) return;
        place.shift = undefined;
        if (place.taken >= this.#mostItems) this.#replace(place);
        else if (!place.isEnding) this.#free(place);
        shift.end();
      },
      released: (lost) => {
        const { shift } = place;
        place.shift = undefined;
        this.#free(place);
        shift?.end(lost);
      },
      gone: (lost) => {
        this.#gone(place, lost);
      },
    });
    this.#places.add(place);
  }

  #gone(place: Place<Item, Reply>, lost: WorkerLostError): void {
    const wasOurs = this.#remove(place);
    place.shift?.end(lost);
    if (!wasOurs || this.#isClosed || this.#failure) return;
    if (place.taken > 0) this.#fill();
    else this.#notStarted(lost, MOST_FAILED_STARTS);
  }

  /** @param most so many in a row are enough, if there is none that did start */
  #notStarted(error: Error, most: number): void {
    if (this.#isClosed || this.#failure) return;
    this.#failedStarts++;
    const isAnyReady =
      this.#whenNoneStarts !== undefined && [...this.#places].some(({ wasReady }) => wasReady);
    const enough = isAnyReady ? MOST_FAILED_STARTS : most;
    if (this.#failedStarts < enough) this.#fill();
    // Those that are there do what there is.
    else if (!isAnyReady) this.#fail(this.#noneStarts(error));
  }

  #noneStarts(last: Error): Error {
    if (!(last instanceof WorkerLostError)) return last;
    const message = `${this.#failedStarts} workers in a row did not start; the last one: ${last.message}`;
    return this.#whenNoneStarts?.(message) ?? new WorkerLostError(message, false);
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
