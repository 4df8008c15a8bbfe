import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { Calls, type SentCall } from './calls.ts';
import type { FunctionSpec, Reply } from './contract.ts';
import { loadFunction } from './load-function.ts';

/** What a worker is told. */
export type ToWorker =
  /** First. */
  | { readonly kind: 'start'; readonly initializer: FunctionSpec | undefined }
  | {
      readonly kind: 'chunk';
      readonly id: number;
      /** Of a function that it does not have yet. */
      readonly spec: FunctionSpec | undefined;
      /** It has so many functions that it is to let go of all others. */
      readonly isFresh: boolean;
      readonly calls: readonly SentCall[];
    };

/** What a worker tells. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unfit'; readonly message: string }
  /** It has the function, and takes up the first call. */
  | { readonly kind: 'began' }
  /** Some calls in a row, those after the last ones that were told of. */
  | { readonly kind: 'replies'; readonly replies: readonly Reply[] };

/** Replies to quick calls are gathered for so long, since a message costs more than such a call. */
const GATHER_MS = 1;

/**
 * What a worker does, thread or process.
 *
 * @returns takes what it is told
 */
export function serve(tell: (message: FromWorker) => void): (message: ToWorker) => Promise<void> {
  const calls = new Calls();
  /** A worker is ended when its call is given up, so a call in it never sees this aborted. */
  const { signal } = new AbortController();

  const start = async (initializer: FunctionSpec | undefined): Promise<void> => {
    try {
      if (initializer) await (await loadFunction(initializer))();
      tell({ kind: 'ready' });
    } catch (error) {
      tell({ kind: 'unfit', message: messageOf(error) });
    }
  };

  return async (message) => {
    if (message.kind === 'start') {
      await start(message.initializer);
      return;
    }
    const { id, spec, isFresh, calls: sent } = message;
    if (isFresh) calls.clear();
    if (spec) await calls.load(id, spec);
    tell({ kind: 'began' });
    let toldAt = systemClock.elapsed();
    let replies: Reply[] = [];
    for (const [row, call] of sent.entries()) {
      replies.push(await calls.call(id, call, signal));
      if (row < sent.length - 1 && systemClock.elapsed() - toldAt < GATHER_MS) continue;
      tell({ kind: 'replies', replies });
      replies = [];
      toldAt = systemClock.elapsed();
    }
  };
}
