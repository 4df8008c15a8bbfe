import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { type Executor, WorkerLostError } from '../backends/pool/contract.ts';
import { Calls } from './calls.ts';
import type { Call, FunctionHandle, FunctionSpec, Reply } from './contract.ts';
import { KnownFunctions } from './known-functions.ts';
import { loadFunction } from './load-function.ts';
import { initializerFault } from './unusable.ts';
import type { WorkerContext } from './messages.ts';

/** For so long calls go on without a pause. */
const REST_MS = 5;

/**
 * Calls functions in this thread, in the way of the others: from their text, with copies of arguments. Calls that wait wait side by side. A
 * call that is given up goes on, unheard: nothing can end it.
 */
export class InlineExecutor implements Executor<Call, Reply> {
  readonly #calls = new Calls(true);
  readonly #since = new Map<readonly Call[], number>();
  readonly #loading = new Map<number, Promise<void>>();
  readonly #known = new KnownFunctions();
  /** How many chunks there are, each with its function. */
  #running = 0;
  /** When timers and messages had their turn last, by the clock's `elapsed`. */
  #restedAt = 0;

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
    const { f } = calls[0]!;
    const { promise: given, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => {
      reject(new WorkerLostError('it was given up', true));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#running++;
    try {
      await Promise.race([given, this.#load(f)]);
      for (const [row, call] of calls.entries()) {
        if (systemClock.elapsed() - this.#restedAt >= REST_MS) await Promise.race([given, this.#rest()]);
        this.#since.set(calls, systemClock.now());
        const reply = this.#calls.call(f.id, call, signal, systemClock.elapsed());
        onReply(row, reply instanceof Promise ? await Promise.race([given, reply]) : reply);
      }
    } finally {
      this.#running--;
      signal.removeEventListener('abort', giveUp);
      this.#since.delete(calls);
    }
  }

  busySince(calls: readonly Call[]): number | undefined {
    return this.#since.get(calls);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#letGo();
  }

  async #load(f: FunctionHandle): Promise<void> {
    const { id, spec } = f;
    let loading = this.#loading.get(id);
    if (!loading) {
      if (this.#known.isFull && this.#running === 1) this.#letGo();
      loading = this.#calls.load(id, spec);
      this.#loading.set(id, loading);
      this.#known.add(f);
    }
    await loading;
  }

  #letGo(): void {
    this.#calls.clear();
    this.#loading.clear();
    this.#known.clear();
  }

  /** Calls follow each other without a pause, and nothing else would ever have its turn: not a timer that is to end them. */
  async #rest(): Promise<void> {
    await setImmediate();
    this.#restedAt = systemClock.elapsed();
  }
}
