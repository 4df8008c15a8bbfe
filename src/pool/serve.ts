import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { Calls } from './calls.ts';
import { loadFunction } from './load-function.ts';
import { callAt, type ChunkMessage, type FromWorker, Replies, type ToWorker } from './messages.ts';

/** Replies to quick calls are gathered for so long, since a message costs more than such a call. */
const GATHER_MS = 1;

type Task = Exclude<ToWorker, { kind: 'end' }>;

export interface ServeOptions {
  /** Whether who is served is in the same process, and can have memory in common. */
  readonly canShare: boolean;
  readonly tell: (message: FromWorker, moved: readonly ArrayBuffer[]) => void;
}

/**
 * What a worker does, thread or process.
 *
 * @returns takes what it is told
 */
export function serve({ canShare, tell }: ServeOptions): (message: Task) => Promise<void> {
  const calls = new Calls(canShare);
  /** A worker is ended when its call is given up, so a call in it never sees this aborted. */
  const { signal } = new AbortController();

  const start = async ({ initializer, context }: Extract<Task, { kind: 'start' }>): Promise<void> => {
    try {
      if (initializer) await (await loadFunction(initializer))(context);
      tell({ kind: 'ready' }, []);
    } catch (error) {
      tell({ kind: 'unfit', message: messageOf(error) }, []);
    }
  };

  const work = async (chunk: ChunkMessage): Promise<void> => {
    const { id, spec, isFresh, count } = chunk;
    if (isFresh) calls.clear();
    if (spec) {
      await calls.load(id, spec);
      tell({ kind: 'began' }, []);
    }
    const replies = new Replies();
    let since = systemClock.elapsed();
    let toldAt = since;
    for (let row = 0; row < count; row++) {
      const reply = calls.call(id, callAt(chunk, row), signal, since);
      replies.add(reply instanceof Promise ? await reply : reply);
      since = systemClock.elapsed();
      if (row < count - 1 && since - toldAt < GATHER_MS) continue;
      tell(...replies.take());
      toldAt = since;
    }
  };

  return async (message) => {
    await (message.kind === 'start' ? start(message) : work(message));
  };
}
