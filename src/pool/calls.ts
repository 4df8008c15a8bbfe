import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Call, CallContext, FunctionSpec, Reply } from './contract.ts';
import { thrownFacts } from './failure.ts';
import { type Loaded, loadFunction } from './load-function.ts';
import { fromSendable, ownMemory, toSendable } from './values.ts';

/** A copy of so many bytes is handed over rather than copied again; of fewer, copying is quicker. */
const WORTH_MOVING = 16_384;

/** A call as it is sent: its function is named. */
export type SentCall = Pick<Call, 'index' | 'args' | 'seed' | 'isMoved'>;

/** The functions that a worker has, and how it calls them. */
export class Calls {
  readonly #functions = new Map<number, Loaded | { readonly fault: string }>();
  readonly #canShare: boolean;

  /** @param canShare whether who gets the results is in the same process */
  constructor(canShare: boolean) {
    this.#canShare = canShare;
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

  /**
   * A promise only where the function gives one: to wait costs more than a quick call.
   *
   * @param since when it began, by the clock's `elapsed`
   */
  call(id: number, call: SentCall, signal: AbortSignal, since: number): Reply | Promise<Reply> {
    const f = this.#functions.get(id);
    if (typeof f !== 'function')
      return { kind: 'unloadable', message: f?.fault ?? 'the function is not there', durationMs: 0 };
    const { index, args, seed, isMoved } = call;
    try {
      const own = args.map(fromSendable);
      if (seed !== undefined) own.push({ index, seed, signal } satisfies CallContext);
      const returned = f(...own);
      return isThenable(returned)
        ? this.#afterwards(returned, isMoved, since)
        : this.#returned(returned, isMoved, since);
    } catch (error) {
      return threw(error, since);
    }
  }

  async #afterwards(returned: PromiseLike<unknown>, isMoved: boolean, since: number): Promise<Reply> {
    try {
      return this.#returned(await returned, isMoved, since);
    } catch (error) {
      return threw(error, since);
    }
  }

  #returned(value: unknown, isMoved: boolean, since: number): Reply {
    const moved: ArrayBuffer[] = [];
    let sent: unknown;
    try {
      sent = toSendable(value, { canShare: this.#canShare, isMoved }, moved);
    } catch (error) {
      throw new TypeError(`what the call returned cannot be sent back: ${messageOf(error)}`, {
        cause: error,
      });
    }
    const own = ownMemory(sent);
    if (own && own.byteLength >= WORTH_MOVING && !moved.includes(own)) moved.push(own);
    return { kind: 'returned', value: sent, moved, durationMs: systemClock.elapsed() - since };
  }
}

function threw(error: unknown, since: number): Reply {
  return { kind: 'threw', error: thrownFacts(error), durationMs: systemClock.elapsed() - since };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
