import { threadId } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { messageOf } from '../../core/errors.ts';
import { Space } from '../../space/space.ts';
import { entryUrl } from '../entry-url.ts';
import { CANCELLED, type Evaluator, type EvaluatorSetup, type Job } from './contract.ts';
import type { Chunk, ChunkAnswer, ThreadWorkerData } from './thread-worker.ts';

/** Below this, sending a point costs about as much as evaluating it: points go in chunks. */
const CHUNK_BELOW_MS = 1;
/** How long a chunk should take. */
const CHUNK_MS = 4;
const LARGEST_CHUNK = 256;

/** Starts `workers` threads, and waits until one of them has loaded the task, so that a task that cannot be loaded is known now. */
export async function createThreadsEvaluator(setup: EvaluatorSetup): Promise<Evaluator> {
  const { parameters, seed, optimizerId, task, spec } = setup;
  const workerData: ThreadWorkerData = {
    task,
    context: { seed, optimizerId, names: new Space(parameters).names },
  };
  const pool = new Piscina<Chunk, ChunkAnswer>({
    filename: entryUrl('./thread-worker.ts', import.meta.url).href,
    minThreads: spec.workers,
    maxThreads: spec.workers,
    workerData,
  });
  try {
    await pool.run({ jobs: [] });
  } catch (error) {
    await pool.destroy();
    throw error;
  }
  return new ThreadsEvaluator(setup, pool);
}

/** Level 2 in a pool of threads of this process. */
class ThreadsEvaluator implements Evaluator {
  readonly #setup: EvaluatorSetup;
  readonly #pool: Piscina<Chunk, ChunkAnswer>;
  readonly #running = new Map<
    number,
    { readonly job: Job; readonly startedAt: number; readonly since: number }
  >();
  #abort = new AbortController();
  /** Milliseconds of one evaluation, smoothed; unknown before the first. */
  #duration = Infinity;

  constructor(setup: EvaluatorSetup, pool: Piscina<Chunk, ChunkAnswer>) {
    this.#setup = setup;
    this.#pool = pool;
  }

  get #chunkSize(): number {
    if (this.#duration >= CHUNK_BELOW_MS) return 1;
    return Math.max(1, Math.min(LARGEST_CHUNK, Math.floor(CHUNK_MS / Math.max(this.#duration, 1e-3))));
  }

  get room(): number {
    return this.#setup.spec.workers * this.#chunkSize - this.#running.size;
  }

  submit(jobs: readonly Job[]): void {
    const { workers } = this.#setup.spec;
    // As many chunks as workers, unless there are too few jobs: no worker waits for another's chunk.
    const size = Math.min(this.#chunkSize, Math.ceil(jobs.length / workers));
    for (let first = 0; first < jobs.length; first += size) void this.#run(jobs.slice(first, first + size));
  }

  async #run(jobs: readonly Job[]): Promise<void> {
    const { clock, onFinished } = this.#setup;
    const { signal } = this.#abort;
    for (const job of jobs)
      this.#running.set(job.candidateId, { job, startedAt: clock.now(), since: clock.elapsed() });
    let answer: ChunkAnswer;
    try {
      answer = await this.#pool.run({ jobs }, { signal });
    } catch (error) {
      answer = { worker: `thread of thread ${threadId}`, calls: jobs.map(() => lost(error)) };
    }
    // They were cancelled, and reported as such.
    if (signal.aborted) return;
    const finished = jobs.map(({ candidateId, x }, i) => {
      const { job, ...times } = this.#running.get(candidateId)!;
      this.#running.delete(job.candidateId);
      const { outcome, startedAt, durationMs } = answer.calls[i]!;
      return {
        candidateId,
        x,
        outcome,
        startedAt: startedAt ?? times.startedAt,
        durationMs: durationMs ?? clock.elapsed() - times.since,
        attempts: 1,
        worker: answer.worker,
      };
    });
    this.#measure(finished.reduce((sum, { durationMs }) => sum + durationMs, 0) / finished.length);
    onFinished(finished);
  }

  #measure(duration: number): void {
    this.#duration = this.#duration === Infinity ? duration : 0.8 * this.#duration + 0.2 * duration;
  }

  cancel(): void {
    const { clock, onFinished } = this.#setup;
    const calls = [...this.#running.values()];
    this.#running.clear();
    this.#abort.abort();
    this.#abort = new AbortController();
    if (calls.length === 0) return;
    onFinished(
      calls.map(({ job: { candidateId, x }, startedAt, since }) => ({
        candidateId,
        x,
        outcome: CANCELLED,
        startedAt,
        durationMs: clock.elapsed() - since,
        attempts: 1,
        worker: `thread of thread ${threadId}`,
      })),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#pool.destroy();
  }
}

/** The thread died under its jobs, and took the chunk's finished ones with it. */
function lost(error: unknown): ChunkAnswer['calls'][number] {
  return { outcome: { status: 'failed', fx: NaN, error: `its worker thread died: ${messageOf(error)}` } };
}
