import { threadId } from 'node:worker_threads';
import { workerData } from 'piscina';
import { systemClock } from '../../core/clock.ts';
import { type ContextSetup, evaluationContext } from '../../tasks/context.ts';
import type { Outcome, TaskSpec } from '../../tasks/contract.ts';
import { evaluateTask } from '../../tasks/evaluate.ts';
import { loadTask } from '../../tasks/load.ts';
import type { Job } from './contract.ts';

/** What a worker thread is started with. */
export interface ThreadWorkerData {
  readonly task: TaskSpec;
  readonly context: ContextSetup;
}

export interface Chunk {
  readonly jobs: readonly Job[];
}

export interface ChunkAnswer {
  readonly worker: string;
  /** In the order of the jobs. */
  readonly calls: readonly {
    readonly outcome: Outcome;
    readonly startedAt?: number;
    readonly durationMs?: number;
  }[];
}

const { task, context } = workerData as ThreadWorkerData;
const loaded = loadTask(task);
// The error reaches whoever sends the first chunk.
loaded.catch(() => {});
/** A thread is ended when its work is given up, so a task in it never sees this aborted. */
const { signal } = new AbortController();

/** What piscina calls in a worker thread: evaluates one chunk, one job after the other. */
export default async function evaluateChunk({ jobs }: Chunk): Promise<ChunkAnswer> {
  const ready = await loaded;
  const calls = [];
  for (const { candidateId, x } of jobs) {
    const startedAt = systemClock.now();
    const since = systemClock.elapsed();
    const answered = evaluateTask(ready, x, evaluationContext(context, candidateId, x, signal));
    const outcome = answered instanceof Promise ? await answered : answered;
    calls.push({ outcome, startedAt, durationMs: systemClock.elapsed() - since });
  }
  return { worker: `thread ${threadId}`, calls };
}
