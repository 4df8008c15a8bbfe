/** What became of one item that a worker took up. */
export type Settled<Item, Reply> =
  | { readonly kind: 'replied'; readonly item: Item; readonly reply: Reply; readonly attempts: number }
  /** Its worker died under it, as often as it was tried. */
  | {
      readonly kind: 'lost';
      readonly item: Item;
      readonly cause: string;
      /** What told of it the last time. */
      readonly error: unknown;
      readonly attempts: number;
    }
  /** It took longer than it may; its worker was ended. */
  | { readonly kind: 'timed-out'; readonly item: Item; readonly attempts: number };

/** A worker died, or was ended, before all items of its chunk had a reply. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
  /** Whether the item after the last one with a reply is surely the one that it was at: replies may be lost with their worker. */
  readonly isExact: boolean;
  /** Whether no item is to blame: those without a reply are as good as never given. */
  readonly isBlameless: boolean;

  constructor(message: string, isExact: boolean, isBlameless = false) {
    super(message);
    this.isExact = isExact;
    this.isBlameless = isBlameless;
  }
}

/** A worker was ended since it was at one item for longer than that may take: thrown by executors that see to that themselves. */
export class TookTooLongError extends WorkerLostError {}

/**
 * Runs chunks of items in workers: threads, processes, machines. What a worker does with an item was said when the executor was made.
 */
export interface Executor<Item, Reply> extends AsyncDisposable {
  /**
   * Gives one chunk to an idle worker, which takes the items up one after the other. The pool has no more chunks running than there are
   * workers; a worker that is still starting counts.
   *
   * @param onReply called for each item as its reply is known, in the order of the items
   * @param signal aborted to end the chunk's worker, whatever it does
   * @returns when all items have their reply
   * @throws {WorkerLostError} when the worker is gone; all replies that it had given were passed on before
   */
  run(
    items: readonly Item[],
    onReply: (index: number, reply: Reply) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Since when the worker of a running chunk has been at the item that it is at: milliseconds since the Unix epoch; `undefined` before it
   * took up the first. For chunks of quick items, the time of its latest sign of life.
   */
  busySince(items: readonly Item[]): number | undefined;
}
