import type { Executor } from '../pool/contract.ts';
import type { EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';

/** Workers that may serve another optimizer when one is done. */
export interface Reusable extends Executor<Job, EvaluationReply> {
  /** Whether none of its workers has anything to do. */
  readonly isIdle: boolean;
}

/**
 * Programs that nobody works with for now, kept for the next optimizer: what they load when they start may take far longer than what an optimizer
 * wants of them.
 */
export class ProgramShelf<Kept extends Reusable> implements AsyncDisposable {
  readonly #kept = new Map<string, Kept[]>();
  #isClosed = false;

  /** @param key what they must have in common with what is wanted */
  take(key: string): Kept | undefined {
    // Some may have died meanwhile.
    for (let one = this.#kept.get(key)?.pop(); one; one = this.#kept.get(key)?.pop()) {
      if (one.isIdle) return one;
      void one[Symbol.asyncDispose]();
    }
    return undefined;
  }

  /** Takes workers back, or ends them if they are of no use any more. */
  async put(key: string, one: Kept): Promise<void> {
    if (this.#isClosed || !one.isIdle) {
      await one[Symbol.asyncDispose]();
      return;
    }
    const list = this.#kept.get(key) ?? [];
    list.push(one);
    this.#kept.set(key, list);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#kept.values()].flat();
    this.#kept.clear();
    await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
  }
}
