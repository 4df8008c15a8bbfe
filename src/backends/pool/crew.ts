import { type Executor, WorkerLostError } from './contract.ts';

/** So many workers that die before they have taken any work, one after the other, will not take any. */
const MOST_FAILED_STARTS = 5;

/** One worker: a thread, a process. */
export interface Member<Item> {
  /** Gives it a chunk; it has none. */
  take(items: readonly Item[]): void;
  /** Since when it has been at the item that it is at, see `Executor.busySince`. */
  busySince(): number | undefined;
  /** Gives up its chunk, and may go on with others: `released` or `gone` follows. It is ended when not given. */
  giveUp?(): void;
  /** Ends it, whatever it does; `gone` follows. Resolves when nothing of it is left. */
  end(): Promise<void>;
}

/** What a worker tells. */
export interface MemberListener<Reply> {
  /** It can take chunks. */
  ready(): void;
  /** It cannot load what it works with, and no other could. */
  unfit(error: Error): void;
  /** The next item of its chunk has a reply. */
  replied(reply: Reply): void;
  /** It has given up its chunk, and can take others. */
  released(lost: WorkerLostError): void;
  /** Once, when it is gone; all replies that it gave were passed on before. */
  gone(lost: WorkerLostError): void;
}

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
  /** It was ended, and will be gone: what it still says frees it for nothing. */
  isEnding = false;
  shift: Shift<Item, Reply> | undefined;
}

interface CrewOptions {
  readonly close?: () => Promise<void>;
  readonly mostItems?: number;
}

/**
 * A number of workers that start side by side, take chunks as each is ready, and are replaced when they die.
 */
export class Crew<Item, Reply> implements Executor<Item, Reply> {
  readonly #recruit: (listener: MemberListener<Reply>) => Member<Item>;
  readonly #close: () => Promise<void>;
  readonly #mostItems: number;
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
  #failure: Error | undefined;
  #isClosed = false;

  /**
   * @param recruit starts one worker
   * @param options.close called before all workers are ended: whatever they come from starts no more of them
   * @param options.mostItems after how many items a worker is replaced; no chunk has more
   */
  constructor(
    recruit: (listener: MemberListener<Reply>) => Member<Item>,
    { close = async () => {}, mostItems = Infinity }: CrewOptions = {},
  ) {
    this.#recruit = recruit;
    this.#close = close;
    this.#mostItems = mostItems;
  }

  /**
   * Starts so many workers, and waits until the first of them is ready: what none of them can load is known then.
   *
   * @throws what kept them from starting, after all are gone
   */
  async start(workers: number): Promise<void> {
    for (let i = 0; i < workers; i++) this.#fill();
    try {
      this.#free(await this.#next());
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts more workers, or ends some that have nothing to do. */
  resize(workers: number): void {
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
    this.#failedStarts = 0;
    signal.addEventListener('abort', end, { once: true });
    member.take(items);
    try {
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
        if (this.#places.has(place)) this.#free(place);
      },
      unfit: (error) => {
        if (this.#places.has(place)) this.#fail(error);
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
    if (place.taken === 0) this.#failedStarts++;
    if (this.#failedStarts < MOST_FAILED_STARTS) this.#fill();
    else
      this.#fail(
        new WorkerLostError(
          `${this.#failedStarts} workers in a row did not start; the last one: ${lost.message}`,
          false,
        ),
      );
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
