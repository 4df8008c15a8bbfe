import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { type Executor, type Settled, TookTooLongError, WorkerLostError } from './contract.ts';
import { limitTime } from './time-limit.ts';

/** Below this, sending an item to a thread or process costs about as much as working on it: items go in chunks that take some time. */
const CHUNKS = { belowMs: 1, forMs: 4 };
const LARGEST_CHUNK = 256;

export interface WorkPoolOptions<Item, Reply> {
  readonly executor: Executor<Item, Reply>;
  /** How many there are at first. */
  readonly workers: number;
  /** How often an item is tried again when its worker dies under it. */
  readonly retries: number;
  /** How long one item may take; `Infinity` for as long as it likes. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Takes items as they are settled, each exactly once. */
  readonly onSettled: (settled: readonly Settled<Item, Reply>[]) => void;
  /** Milliseconds that a worker spent on an item, from its reply: chunks are sized by it. */
  readonly durationOf: (reply: Reply) => number;
  /** How many items go to a worker at once, unless there are fewer. @default by how long they take */
  readonly chunkSize?: number | undefined;
  /** Items that take less than `belowMs` go in chunks that take `forMs`. @default for threads and processes of this machine */
  readonly chunks?: { readonly belowMs: number; readonly forMs: number } | undefined;
  /** More than so many do not go at once by themselves. @default 256 */
  readonly largestChunk?: number | undefined;
  /** Whether an item that a worker was given could be given to another. @default true */
  readonly canRepeat?: boolean | undefined;
}

interface Work<Item> {
  readonly item: Item;
  attempts: number;
  /** A worker died under it before: it goes alone, so that no other item suffers. */
  isSuspect: boolean;
}

interface Chunk<Item, Reply> {
  readonly works: readonly Work<Item>[];
  readonly abort: AbortController;
  replied: number;
  /** What is known of its items, and not passed on yet. */
  readonly settled: Settled<Item, Reply>[];
  hasTimedOut: boolean;
  cancelTimer: () => void;
}

/**
 * Shares items among workers. Knows nothing of what they are: level 2 evaluates points with it.
 *
 * A worker that dies costs the item that it was at, which is tried again up to `retries` times; the items behind it in its chunk go
 * back to the queue as if nothing had happened.
 */
export class WorkPool<Item, Reply> implements AsyncDisposable {
  readonly #options: WorkPoolOptions<Item, Reply>;
  readonly #queue: Work<Item>[] = [];
  readonly #chunks = new Set<Chunk<Item, Reply>>();
  #workers: number;
  #running = 0;
  #closed: PromiseLike<void> | undefined;
  /** Milliseconds of one item, smoothed; unknown before the first. */
  #duration = Infinity;

  constructor(options: WorkPoolOptions<Item, Reply>) {
    this.#options = options;
    this.#workers = options.workers;
  }

  /** How many more items it takes without letting any wait long. */
  get room(): number {
    return Math.max(0, this.#workers * this.chunkSize - this.#queue.length - this.#running);
  }

  /** How many items go to a worker at once, as it stands. */
  get chunkSize(): number {
    const { chunkSize, chunks: { belowMs, forMs } = CHUNKS } = this.#options;
    if (chunkSize !== undefined) return chunkSize;
    if (this.#duration >= belowMs) return 1;
    const largest = this.#options.largestChunk ?? LARGEST_CHUNK;
    return Math.max(1, Math.min(largest, Math.floor(forMs / Math.max(this.#duration, 1e-6))));
  }

  submit(items: readonly Item[]): void {
    for (const item of items) this.#queue.push({ item, attempts: 0, isSuspect: false });
    this.#dispatch();
  }

  /** There are more workers now, or fewer; what runs goes on. */
  resize(workers: number): void {
    this.#workers = workers;
    this.#dispatch();
  }

  /**
   * Gives up all that runs or waits, for good, and returns it; nothing of it is settled any more. The workers are ended. What has a
   * reply already is settled before this returns.
   */
  cancel(): readonly Item[] {
    // First, so that no worker is started in the place of one that is ended below.
    this.#closed ??= this.#options.executor[Symbol.asyncDispose]();
    const given: Item[] = [];
    const settled: Settled<Item, Reply>[] = [];
    for (const chunk of this.#chunks) {
      settled.push(...chunk.settled);
      given.push(...chunk.works.slice(chunk.replied).map(({ item }) => item));
      this.#chunks.delete(chunk);
      chunk.cancelTimer();
      chunk.abort.abort();
    }
    given.push(...this.#queue.splice(0).map(({ item }) => item));
    this.#running = 0;
    if (settled.length > 0) this.#options.onSettled(settled);
    return given;
  }

  /**
   * Gives up what waits, for good, and returns it; nothing of it is settled any more. What runs goes on.
   *
   * @param isWaiting whether items that were handed to the executor, together, wait there for a worker
   */
  withdraw(isWaiting: (items: readonly Item[]) => boolean): readonly Item[] {
    const given: Item[] = [];
    for (const chunk of this.#chunks) {
      const items = chunk.works.map(({ item }) => item);
      if (!isWaiting(items)) continue;
      given.push(...items);
      this.#chunks.delete(chunk);
      this.#running -= items.length;
      chunk.cancelTimer();
      chunk.abort.abort();
    }
    const left = this.#queue.splice(0);
    for (const work of left) {
      if (isWaiting([work.item])) given.push(work.item);
      else this.#queue.push(work);
    }
    return given;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#closed;
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#chunks.size < this.#workers) {
      const idle = this.#workers - this.#chunks.size;
      // As many chunks as idle workers: none waits for another's chunk, unless that is what was asked for.
      const most = Math.min(
        this.chunkSize,
        this.#options.chunkSize === undefined ? Math.ceil(this.#queue.length / idle) : Infinity,
      );
      const suspect = this.#queue.findIndex(({ isSuspect }) => isSuspect);
      const count = suspect === 0 ? 1 : suspect > 0 ? Math.min(most, suspect) : most;
      void this.#run(this.#queue.splice(0, count));
    }
  }

  async #run(works: readonly Work<Item>[]): Promise<void> {
    const abort = new AbortController();
    const chunk: Chunk<Item, Reply> = {
      works,
      abort,
      replied: 0,
      settled: [],
      hasTimedOut: false,
      cancelTimer: () => {},
    };
    for (const work of works) work.attempts++;
    this.#chunks.add(chunk);
    this.#running += works.length;
    const items = works.map(({ item }) => item);
    chunk.cancelTimer = this.#watch(chunk, items);
    let lost: unknown;
    try {
      await this.#options.executor.run(
        items,
        (index, reply) => {
          chunk.replied = index + 1;
          const { item, attempts } = works[index]!;
          chunk.settled.push({ kind: 'replied', item, reply, attempts });
          this.#measure(this.#options.durationOf(reply));
        },
        abort.signal,
      );
    } catch (error) {
      lost = error;
      if (error instanceof TookTooLongError) chunk.hasTimedOut = true;
    }
    // It was cancelled, and its items are somebody else's business now.
    if (!this.#chunks.delete(chunk)) return;
    chunk.cancelTimer();
    this.#running -= works.length;
    if (lost !== undefined) this.#recover(chunk, lost);
    if (chunk.settled.length > 0) this.#options.onSettled(chunk.settled);
    this.#dispatch();
  }

  /** Sorts out what a lost worker left: the item that it was at, and those that it had not come to. */
  #recover({ works, replied, hasTimedOut, settled }: Chunk<Item, Reply>, lost: unknown): void {
    const left = works.slice(replied);
    const isBlameless = lost instanceof WorkerLostError && lost.isBlameless;
    if (this.#options.canRepeat === false && !isBlameless) {
      for (const [i, { item, attempts }] of left.entries())
        settled.push(
          hasTimedOut && i === 0
            ? { kind: 'timed-out', item, attempts }
            : { kind: 'lost', item, cause: messageOf(lost), error: lost, attempts },
        );
      return;
    }
    const isKnown = left.length <= 1 || (lost instanceof WorkerLostError && lost.isExact);
    const culprit = isKnown && !isBlameless ? left.shift() : undefined;
    for (const work of left) {
      work.attempts--;
      // Each goes alone now, which will show who it was.
      work.isSuspect ||= !isKnown && !isBlameless;
    }
    this.#queue.unshift(...left);
    if (!culprit) return;
    const { item, attempts } = culprit;
    if (hasTimedOut) settled.push({ kind: 'timed-out', item, attempts });
    else if (attempts > this.#options.retries)
      settled.push({ kind: 'lost', item, cause: messageOf(lost), error: lost, attempts });
    else {
      culprit.isSuspect = true;
      this.#queue.unshift(culprit);
    }
  }

  /** Ends the worker of a chunk when it is at one item for longer than `timeoutMs`. */
  #watch(chunk: Chunk<Item, Reply>, items: readonly Item[]): () => void {
    const { timeoutMs, clock, executor } = this.#options;
    const busySince = (): number | undefined => executor.busySince(items);
    return limitTime({ timeoutMs, clock, busySince }, () => {
      chunk.hasTimedOut = true;
      chunk.abort.abort();
    });
  }

  #measure(duration: number): void {
    this.#duration = this.#duration === Infinity ? duration : 0.9 * this.#duration + 0.1 * duration;
  }
}
