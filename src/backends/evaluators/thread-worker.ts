import { type MessagePort, threadId, workerData } from 'node:worker_threads';
import { useCompileCache } from '../../core/compile-cache.ts';
import { messageOf } from '../../core/errors.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import type { InProcessSpec } from '../../tasks/load.ts';
import type { Special } from './chunk.ts';

/** What a worker thread is started with. */
export interface ThreadWorkerData {
  readonly task: InProcessSpec;
  readonly context: ContextSetup;
  /** See `evaluateTask`. */
  readonly retries: number;
}

/** Memory that both ends see; then, for each chunk that was written into it, how many rows it has. Of whom they are, where that changes. */
export type ThreadRequest = SharedArrayBuffer | number | ContextSetup;

export type ThreadWorkerMessage =
  | { readonly kind: 'ready'; readonly worker: string }
  | { readonly kind: 'load-failed'; readonly error: string }
  /** All rows are done: their outcomes that are more than numbers, usually none. */
  | readonly Special[];

useCompileCache();
const { loadTask } = await import('../../tasks/load.ts');
const { ChunkColumns } = await import('./chunk.ts');

const { task, retries, ...data } = workerData as ThreadWorkerData;
let { context } = data;
/** A thread is ended when its work is given up, so a task in it never sees this aborted. */
const { signal } = new AbortController();

/**
 * What piscina calls in a worker thread, once: takes chunks from the port for as long as the thread lives. A task of piscina's own for
 * each chunk would cost about 0.1 ms of the host's time.
 */
export default async function serve(port: MessagePort): Promise<never> {
  const send = (message: ThreadWorkerMessage): void => {
    port.postMessage(message);
  };
  try {
    const loaded = await loadTask(task);
    let memory: SharedArrayBuffer;
    let columns: InstanceType<typeof ChunkColumns> | undefined;
    port.on('message', (request: ThreadRequest) => {
      if (typeof request !== 'number' && 'optimizerId' in request) {
        context = request;
        return;
      }
      if (typeof request !== 'number') {
        memory = request;
        columns = undefined;
        return;
      }
      if (columns?.count !== request) columns = new ChunkColumns(memory, request, context.names.length);
      const specials: Special[] = [];
      const onDone = (row: number, special: Special[1] | undefined): void => {
        if (special) specials.push([row, special]);
      };
      void columns.evaluate(loaded, { context, retries, signal }, onDone).then(() => {
        send(specials);
      });
    });
    send({ kind: 'ready', worker: `thread ${threadId}` });
  } catch (error) {
    send({ kind: 'load-failed', error: messageOf(error) });
  }
  return new Promise(() => {});
}
