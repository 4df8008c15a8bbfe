import { deserialize, serialize } from 'node:v8';
import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Call, CallContext, FunctionSpec, Reply } from './contract.ts';
import { thrownFacts } from './failure.ts';
import { type Loaded, loadFunction } from './load-function.ts';

/** A call as it is sent: its function is named. */
export type SentCall = Omit<Call, 'f'>;

/** The functions that a worker has, and how it calls them. */
export class Calls {
  readonly #functions = new Map<number, Loaded | { readonly fault: string }>();

  has(id: number): boolean {
    return this.#functions.has(id);
  }

  /** Loads a function; one that cannot be loaded is told of with each of its calls. */
  async load(id: number, spec: FunctionSpec): Promise<void> {
    try {
      this.#functions.set(id, await loadFunction(spec));
    } catch (error) {
      this.#functions.set(id, { fault: messageOf(error) });
    }
  }

  /** Lets go of all functions. */
  clear(): void {
    this.#functions.clear();
  }

  async call(id: number, call: SentCall, signal: AbortSignal): Promise<Reply> {
    const f = this.#functions.get(id);
    if (typeof f !== 'function')
      return { kind: 'unloadable', message: f?.fault ?? 'the function is not there', durationMs: 0 };
    const since = systemClock.elapsed();
    let value: unknown;
    try {
      const args = deserialize(call.args) as readonly unknown[];
      const { index, seed } = call;
      const more: readonly CallContext[] = seed === undefined ? [] : [{ index, seed, signal }];
      const returned = f(...args, ...more);
      value = isThenable(returned) ? await returned : returned;
    } catch (error) {
      return { kind: 'threw', error: thrownFacts(error), durationMs: systemClock.elapsed() - since };
    }
    const durationMs = systemClock.elapsed() - since;
    try {
      return { kind: 'returned', value: serialize(value), durationMs };
    } catch (error) {
      const fault = new TypeError(`what the call returned cannot be sent back: ${messageOf(error)}`);
      return { kind: 'threw', error: thrownFacts(fault), durationMs };
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
