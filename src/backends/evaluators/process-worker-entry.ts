import { systemClock } from '../../core/clock.ts';
import { useCompileCache } from '../../core/compile-cache.ts';
import { messageOf } from '../../core/errors.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import type { Task } from '../../tasks/contract.ts';
import type { InProcessSpec } from '../../tasks/load.ts';
import type { Special } from './chunk.ts';

/** The first message to a worker process. */
export interface ProcessWorkerStart {
  readonly kind: 'start';
  readonly task: InProcessSpec;
  readonly context: ContextSetup;
  /** See `evaluateTask`. */
  readonly retries: number;
}

export interface ProcessChunk {
  readonly kind: 'chunk';
  /** Of an optimizer that the last chunk was not of. */
  readonly context?: ContextSetup | undefined;
  readonly ids: Float64Array;
  readonly x: Float64Array;
  readonly cutoffs: Float64Array;
}

export type ProcessWorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'load-failed'; readonly error: string }
  | {
      /** Some jobs in a row, those after the last ones that were told of. */
      readonly kind: 'replies';
      readonly fx: Float64Array;
      readonly startedAt: Float64Array;
      readonly durationMs: Float64Array;
      /** By index in the chunk. */
      readonly specials: readonly Special[];
    };

/** Replies to quick jobs are gathered for so long, since a message costs more than such a job. */
const GATHER_MS = 1;

// Without its host a worker has nobody to work for.
process.on('disconnect', () => process.exit(1));
// Ctrl-C on the terminal goes to the whole process group, a batch system's signals to all of a job; how the run ends is the manager's to say.
for (const name of ['SIGINT', 'SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => {});

useCompileCache();
const { loadTask } = await import('../../tasks/load.ts');
const { ChunkColumns } = await import('./chunk.ts');

let task: Task;
let context: ContextSetup;
let retries: number;
let columns: InstanceType<typeof ChunkColumns> | undefined;
/** A process is ended when its work is given up, so a task in it never sees this aborted. */
const { signal } = new AbortController();

function send(message: ProcessWorkerMessage): void {
  // A message that cannot be sent is followed by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message) => {
  const request = message as ProcessWorkerStart | ProcessChunk;
  void (request.kind === 'start' ? start(request) : evaluate(request));
});

async function start(request: ProcessWorkerStart): Promise<void> {
  context = request.context;
  retries = request.retries;
  try {
    task = await loadTask(request.task);
    send({ kind: 'ready' });
  } catch (error) {
    send({ kind: 'load-failed', error: messageOf(error) });
  }
}

async function evaluate({ ids, x, cutoffs, ...more }: ProcessChunk): Promise<void> {
  context = more.context ?? context;
  if (columns?.count !== ids.length) columns = ChunkColumns.create(ids.length, context.names.length);
  const chunk = columns;
  chunk.read(ids, x, cutoffs);
  let told = 0;
  let toldAt = systemClock.elapsed();
  const specials: Special[] = [];
  const tell = (upTo: number): void => {
    send({
      kind: 'replies',
      fx: chunk.fx.slice(told, upTo),
      startedAt: chunk.startedAt.slice(told, upTo),
      durationMs: chunk.durationMs.slice(told, upTo),
      specials: specials.splice(0),
    });
    told = upTo;
    toldAt = systemClock.elapsed();
  };
  await chunk.evaluate(task, { context, retries, signal }, (row, special) => {
    if (special) specials.push([row, special]);
    if (row === chunk.count - 1 || systemClock.elapsed() - toldAt >= GATHER_MS) tell(row + 1);
  });
}
