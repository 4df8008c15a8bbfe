import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { root } from '../../harness/managed-run.ts';

const entry = path.join(root, 'bench/tasks/bare-reverse.js');

/** What one would write by hand to send arrays to threads and get them back: no promises, no errors, no names of functions. */
export class BareThreads implements AsyncDisposable {
  readonly #workers: readonly Worker[];
  readonly #length: number;
  readonly #transfers: boolean;

  /** @param length of the arrays @param transfers whether they are handed over, both ways, instead of copied */
  constructor(workers: number, length: number, transfers: boolean) {
    this.#workers = Array.from({ length: workers }, () => new Worker(entry, { workerData: { transfers } }));
    this.#length = length;
    this.#transfers = transfers;
  }

  /** @returns arrays a second, of `count`, so many of them with each worker at any time */
  async rate(count: number, inFlight: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = count;
    let away = 0;
    const send = (worker: Worker, numbers: Float64Array<ArrayBuffer>): void => {
      if (left-- <= 0) return;
      away++;
      worker.postMessage(numbers, this.#transfers ? [numbers.buffer] : []);
    };
    for (const worker of this.#workers)
      worker.on('message', (numbers: Float64Array<ArrayBuffer>) => {
        away--;
        send(worker, numbers);
        if (away === 0) resolve();
      });
    const began = performance.now();
    for (let i = 0; i < inFlight; i++)
      for (const worker of this.#workers) send(worker, new Float64Array(this.#length));
    await promise;
    const seconds = (performance.now() - began) / 1000;
    for (const worker of this.#workers) worker.removeAllListeners('message');
    return count / seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => await worker.terminate()));
  }
}
