import type { Outcome } from './map-run.ts';

/** What comes of calls, until somebody takes it. */
export class Outlet {
  readonly #ready: Outcome[] = [];
  #end: { readonly failure: { readonly error: unknown } | undefined } | undefined;
  #wake = (): void => {};

  put(outcome: Outcome): void {
    this.#ready.push(outcome);
    this.#wake();
  }

  close(failure: { readonly error: unknown } | undefined): void {
    this.#end = { failure };
    this.#wake();
  }

  /** All of it, as it comes; then what ended it is thrown, if that was something. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Outcome, void, undefined> {
    for (;;) {
      // What is known goes first only where all goes well: of a map that was ended nobody wants the rest.
      if (this.#end?.failure) throw this.#end.failure.error;
      const ready = this.#ready.splice(0);
      if (ready.length > 0) yield* ready;
      else if (this.#end) return;
      // In the same turn in which nothing was there: what comes later wakes.
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** Outcomes in the order of their inputs. */
export async function* inOrder(outcomes: AsyncIterable<Outcome>): AsyncGenerator<Outcome, void, undefined> {
  const early = new Map<number, Outcome>();
  let next = 0;
  for await (const outcome of outcomes) {
    early.set(outcome.index, outcome);
    for (let one = early.get(next); one; one = early.get(next)) {
      early.delete(next++);
      yield one;
    }
  }
}
