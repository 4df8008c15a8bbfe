import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { type Executor, WorkerLostError } from '../backends/pool/contract.ts';
import { Calls } from './calls.ts';
import type { Call, FunctionSpec, Reply } from './contract.ts';
import { loadFunction } from './load-function.ts';
import { initializerFault } from './unusable.ts';
import type { WorkerContext } from './messages.ts';

/**
 * Calls functions in this thread, in the way of the others: from their text, with copies of arguments. Calls that wait wait side by side. A
 * call that is given up goes on, unheard: nothing can end it.
 */
export class InlineExecutor implements Executor<Call, Reply> {
  readonly #calls = new Calls(true);
  readonly #since = new Map<readonly Call[], number>();
  readonly #loading = new Map<number, Promise<void>>();

  async start(initializer: FunctionSpec | undefined, context: WorkerContext): Promise<void> {
    try {
      if (initializer) await (await loadFunction(initializer))(context);
    } catch (error) {
      throw initializerFault(messageOf(error));
    }
  }

  async run(
    calls: readonly Call[],
    onReply: (index: number, reply: Reply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { id, spec } = calls[0]!.f;
    const { promise: given, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => {
      reject(new WorkerLostError('it was given up', true));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await Promise.race([given, this.#load(id, spec)]);
      for (const [row, call] of calls.entries()) {
        this.#since.set(calls, systemClock.now());
        const reply = this.#calls.call(id, call, signal, systemClock.elapsed());
        onReply(row, reply instanceof Promise ? await Promise.race([given, reply]) : reply);
      }
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#since.delete(calls);
    }
  }

  busySince(calls: readonly Call[]): number | undefined {
    return this.#since.get(calls);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#calls.clear();
  }

  async #load(id: number, spec: FunctionSpec): Promise<void> {
    let loading = this.#loading.get(id);
    if (!loading) {
      loading = this.#calls.load(id, spec);
      this.#loading.set(id, loading);
    }
    await loading;
  }
}
