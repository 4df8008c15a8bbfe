import { threadId } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { ContextSetup } from '../../tasks/context.ts';
import type { TaskSpec } from '../../tasks/contract.ts';
import { loadTask } from '../../tasks/load.ts';
import { ChunkColumns, type Special } from './chunk.ts';

/** What a worker thread is started with. */
export interface ThreadWorkerData {
  readonly task: TaskSpec;
  readonly context: ContextSetup;
}

/** The columns of a chunk, in memory that both ends see. */
export interface ThreadChunk {
  readonly buffer: SharedArrayBuffer;
  readonly count: number;
  readonly size: number;
}

export interface ThreadChunkEnd {
  readonly worker: string;
  readonly specials: readonly Special[];
}

const { task, context } = workerData as ThreadWorkerData;
const loaded = loadTask(task);
// The error reaches whoever sends the first chunk.
loaded.catch(() => {});
/** A thread is ended when its work is given up, so a task in it never sees this aborted. */
const { signal } = new AbortController();
const worker = `thread ${threadId}`;

/** What piscina calls in a worker thread. */
export default async function evaluateChunk(chunk: ThreadChunk | 'load'): Promise<ThreadChunkEnd> {
  const ready = await loaded;
  if (chunk === 'load') return { worker, specials: [] };
  const columns = new ChunkColumns(chunk.buffer, chunk.count, chunk.size);
  const specials: Special[] = [];
  await columns.evaluate(ready, context, signal, (row, special) => {
    if (special) specials.push([row, special]);
  });
  return { worker, specials };
}
