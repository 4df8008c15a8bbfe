import { Worker } from 'node:worker_threads';
import { entryUrl } from '../core/places.ts';

/** How much is written before it is folded in. */
const FOLDED_AFTER_BYTES = 16 * 2 ** 20;
/** How long a fold may take that is waited for: it is one of a slow disk. */
const LONGEST_FOLD_MS = 60_000;

const IDLE = 0;
const BUSY = 1;

/** What the thread is given. */
export interface FoldingSetup {
  readonly file: string;
  /** `IDLE`, or `BUSY` while it has the log open. */
  readonly state: Int32Array;
}

/**
 * Folds the write-ahead log into the log's file while the run goes on. Each time that waits for the disk, 40 ms for 16 MB on the machine of
 * bench/README.md, in which the manager would hear nobody and its hosts run out of credits. So a thread does it, with a connection of its own, of
 * which SQLite makes sure that it disturbs nobody. Whoever writes less never has such a thread.
 *
 * What it leaves, as the log is being written meanwhile, SQLite folds in when there is too much of it: see `database.ts`.
 */
export class Folding implements Disposable {
  readonly #file: string;
  readonly #state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;
  #bytes = 0;
  #isOver: boolean;

  /** @param file `:memory:` has nothing to be folded */
  constructor(file: string) {
    this.#file = file;
    this.#isOver = file === ':memory:';
  }

  /** @param bytes how much is written besides what was before */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < FOLDED_AFTER_BYTES || this.#isOver || Atomics.load(this.#state, 0) === BUSY) return;
    this.#bytes = 0;
    Atomics.store(this.#state, 0, BUSY);
    (this.#worker ??= this.#start()).postMessage('fold');
  }

  #start(): Worker {
    const workerData: FoldingSetup = { file: this.#file, state: this.#state };
    const worker = new Worker(entryUrl('log/folding-entry.ts'), { name: 'log', workerData });
    // Nothing of the run depends on it.
    worker.unref();
    worker.on('error', () => {
      this.#isOver = true;
      settle(this.#state);
    });
    return worker;
  }

  /** Folds nothing more. */
  stop(): void {
    this.#isOver = true;
  }

  /** Waits until nobody else has the log open. */
  [Symbol.dispose](): void {
    this.stop();
    Atomics.wait(this.#state, 0, BUSY, LONGEST_FOLD_MS);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Says that the log is not open here any more. */
export function settle(state: Int32Array): void {
  Atomics.store(state, 0, IDLE);
  Atomics.notify(state, 0);
}
