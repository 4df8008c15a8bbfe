import { Piscina } from 'piscina';
import { messageOf } from '../../core/errors.ts';
import { entryUrl } from '../entry-url.ts';
import { type Executor, WorkerLostError } from '../pool/contract.ts';
import { ChunkColumns, type EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';
import type { ThreadChunk, ThreadChunkEnd, ThreadWorkerData } from './thread-worker.ts';

/** Evaluates chunks in a pool of threads of this process. */
export class ThreadExecutor implements Executor<Job, EvaluationReply> {
  readonly #pool: Piscina<ThreadChunk | 'load', ThreadChunkEnd>;
  readonly #size: number;
  readonly #chunks = new Map<readonly Job[], ChunkColumns>();

  private constructor(pool: Piscina<ThreadChunk | 'load', ThreadChunkEnd>, size: number) {
    this.#pool = pool;
    this.#size = size;
  }

  /** Starts all threads at once, and waits until one of them has loaded the task: a task that cannot be loaded is known now. */
  static async start(workerData: ThreadWorkerData, workers: number): Promise<ThreadExecutor> {
    const pool = new Piscina<ThreadChunk | 'load', ThreadChunkEnd>({
      filename: entryUrl('./thread-worker.ts', import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      workerData,
    });
    // A thread that dies while it has nothing to do is replaced by the pool; one that dies at work fails its chunk, which tells.
    pool.on('error', () => {});
    try {
      await pool.run('load');
    } catch (error) {
      await pool.destroy();
      throw error;
    }
    return new ThreadExecutor(pool, workerData.context.names.length);
  }

  async run(
    jobs: readonly Job[],
    onReply: (index: number, reply: EvaluationReply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const columns = ChunkColumns.pack(jobs, this.#size, true);
    this.#chunks.set(jobs, columns);
    let end: ThreadChunkEnd = { worker: 'a thread that died', specials: [] };
    let cause: string | undefined;
    try {
      const { buffer, count, size } = columns;
      end = await this.#pool.run({ buffer: buffer as SharedArrayBuffer, count, size }, { signal });
    } catch (error) {
      cause = messageOf(error);
    }
    this.#chunks.delete(jobs);
    const specials = new Map(end.specials);
    for (let row = 0; row < jobs.length; row++) {
      const reply = columns.reply(row, end.worker, specials);
      // What travels apart is lost with its thread, and is evaluated again with the rest.
      if (!reply)
        throw new WorkerLostError(`its thread died: ${cause ?? 'without a word'}`, columns.isPending(row));
      onReply(row, reply);
    }
  }

  busySince(jobs: readonly Job[]): number | undefined {
    return this.#chunks.get(jobs)?.busySince;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}
