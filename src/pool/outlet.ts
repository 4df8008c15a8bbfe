import type { Outcome } from './outcome.ts';

/** What comes of calls, until somebody takes it. */
export class Outlet {
  readonly #isOrdered: boolean;
  /** Outcomes that came before those of earlier inputs. */
  readonly #early = new Map<number, Outcome>();
  #next = 0;
  #ready: Outcome[] = [];
  #end: { readonly failure: { readonly error: unknown } | undefined } | undefined;
  #wake = (): void => {};

  /** @param isOrdered whether outcomes are taken in the order of their inputs, or as they come */
  constructor(isOrdered: boolean) {
    this.#isOrdered = isOrdered;
  }

  put(outcome: Outcome): void {
    if (!this.#isOrdered) this.#ready.push(outcome);
    else if (outcome.index === this.#next) this.#putNext(outcome);
    else this.#early.set(outcome.index, outcome);
    if (this.#ready.length > 0) this.#wake();
  }

  close(failure: { readonly error: unknown } | undefined): void {
    this.#end = { failure };
    this.#wake();
  }

  /** Throws what ended it, if that was something: of a map that was ended nobody wants the rest. */
  throwIfFailed(): void {
    if (this.#end?.failure) throw this.#end.failure.error;
  }

  /** All that is ready; waits until something is. Nothing, when there will be no more. */
  async take(): Promise<readonly Outcome[]> {
    // In the same turn in which nothing was there: what comes later wakes.
    while (this.#ready.length === 0 && !this.#end)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.throwIfFailed();
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #putNext(outcome: Outcome): void {
    this.#ready.push(outcome);
    this.#next++;
    // Most come in order, and then there are none.
    if (this.#early.size === 0) return;
    for (let one = this.#early.get(this.#next); one; one = this.#early.get(++this.#next)) {
      this.#early.delete(this.#next);
      this.#ready.push(one);
    }
  }
}
