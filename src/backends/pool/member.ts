import type { WorkerLostError } from './contract.ts';

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
  /** It cannot load what it works with, and no other could, or others may: see `CrewOptions`. */
  unfit(error: Error): void;
  /** The next item of its chunk has a reply. */
  replied(reply: Reply): void;
  /** It has given up its chunk, and can take others. */
  released(lost: WorkerLostError): void;
  /** Once, when it is gone; all replies that it gave were passed on before. */
  gone(lost: WorkerLostError): void;
}
