import type { Consumer } from '@nats-io/jetstream';
import type { Source } from './pull.ts';

/** Where the slots of a worker take their jobs from: open, shut for a while, or closed for good. */
export class Tap {
  #source: (Source & { readonly abort: AbortController }) | undefined;
  #next = Promise.withResolvers<void>();
  #isClosed = false;

  open(consumer: Consumer): void {
    if (this.#isClosed) return;
    this.shut();
    const abort = new AbortController();
    this.#source = { consumer, signal: abort.signal, abort };
    this.#next.resolve();
  }

  /** Nobody waits for a job from there any more. */
  shut(): void {
    if (!this.#source || this.#isClosed) return;
    this.#source.abort.abort();
    this.#source = undefined;
    this.#next = Promise.withResolvers<void>();
  }

  close(): void {
    this.shut();
    this.#isClosed = true;
    this.#next.resolve();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Waits until it is open. @returns undefined when it is closed */
  async source(): Promise<Source | undefined> {
    while (!this.#source && !this.#isClosed) await this.#next.promise;
    return this.#source;
  }
}
