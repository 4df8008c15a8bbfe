import { WorkerLostError } from '../pool/contract.ts';
import type { JobDesk, JobOptions } from './contract.ts';
import { type Job, withdrawn } from './job.ts';
import type { JobBook } from './job-book.ts';

/** Where the jobs of one optimizer, or one map, come in. Disposing withdraws those that have no answer yet. */
export class Desk implements JobDesk {
  readonly #book: JobBook;
  readonly #mostBytes: number;
  readonly #jobs = new Set<Job>();

  constructor(book: JobBook, mostBytes: number) {
    this.#book = book;
    this.#mostBytes = mostBytes;
  }

  async run(payload: Uint8Array, signal: AbortSignal, options?: JobOptions): Promise<Uint8Array> {
    if (payload.length > this.#mostBytes)
      throw new WorkerLostError(
        `a job of ${payload.length} bytes is more than the engine takes at once, ${this.#mostBytes}: give less at a time, or raise its max_payload`,
        false,
      );
    if (signal.aborted) throw withdrawn(false);
    const job = this.#book.add(this, payload, options);
    const withdraw = (): void => {
      this.#book.withdraw(job);
    };
    this.#jobs.add(job);
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      return await job.answer.promise;
    } finally {
      signal.removeEventListener('abort', withdraw);
      this.#jobs.delete(job);
    }
  }

  [Symbol.dispose](): void {
    for (const job of this.#jobs) this.#book.withdraw(job);
  }
}
