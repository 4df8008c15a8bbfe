import type { FunctionHandle } from './contract.ts';
import { bytesOf } from './handles.ts';

/** A worker keeps so many functions; of those that were sent as text, each is other code to be compiled. */
const MOST = 100;
/** And so many bytes of what they were sent with. */
const MOST_BYTES = 64 * 2 ** 20;

/** The functions that a worker has. */
export class KnownFunctions {
  readonly #ids = new Set<number>();
  #bytes = 0;

  /** Whether there are so many that all are to be let go of, before there is another one. */
  get isFull(): boolean {
    return this.#ids.size >= MOST || this.#bytes >= MOST_BYTES;
  }

  has(id: number): boolean {
    return this.#ids.has(id);
  }

  add({ id, spec }: FunctionHandle): void {
    this.#ids.add(id);
    this.#bytes += bytesOf(spec);
  }

  clear(): void {
    this.#ids.clear();
    this.#bytes = 0;
  }
}
