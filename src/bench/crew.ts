import { entryUrl } from '../core/places.ts';
import { type NodeChild, spawnNode } from '../processes/spawn-node.ts';
import type { Outcome } from './problem.ts';
import type { Assignment } from './solve.ts';

/** What a worker answers. */
export type Answer = { readonly outcome: Outcome } | { readonly error: string };

/** Child processes, each at one problem at a time. */
export class Crew implements AsyncDisposable {
  readonly #workers = new Set<NodeChild>();
  #isClosed = false;

  /**
   * Works on assignments until there are none left, or `stop` or `kill` was called.
   *
   * @param next the next one; nothing when there is none
   * @param done called with every answer
   */
  async run<Item extends { readonly assignment: Assignment }>(
    jobs: number,
    next: () => Item | undefined,
    done: (item: Item, answer: Answer) => void,
  ): Promise<void> {
    await Promise.all(Array.from({ length: jobs }, () => this.#work(next, done)));
  }

  async #work<Item extends { readonly assignment: Assignment }>(
    next: () => Item | undefined,
    done: (item: Item, answer: Answer) => void,
  ): Promise<void> {
    let worker: Worker | undefined;
    for (let item = this.#isClosed ? undefined : next(); item; item = this.#isClosed ? undefined : next()) {
      worker ??= this.#spawn();
      const answer = await worker.ask(item.assignment);
      if (answer === undefined) worker = undefined;
      // What was killed is nobody's failure.
      if (answer || !this.#isClosed) done(item, answer ?? { error: 'its process died' });
    }
    if (worker) await this.#end(worker.child);
  }

  #spawn(): Worker {
    const worker = new Worker();
    this.#workers.add(worker.child);
    return worker;
  }

  async #end(child: NodeChild): Promise<void> {
    child.kill();
    await child.exited;
    this.#workers.delete(child);
  }

  /** Ends what runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#workers].map((child) => this.#end(child)));
  }
}

class Worker {
  readonly child: NodeChild;
  #answer: (answer: Answer | undefined) => void = () => {};
  #isGone = false;

  constructor() {
    this.child = spawnNode(entryUrl('bench/worker-entry.ts'), {
      message: (message) => {
        this.#answer(message as Answer);
      },
      output: (_stream, chunk) => {
        process.stderr.write(chunk);
      },
      exit: () => {
        this.#isGone = true;
        this.#answer(undefined);
      },
    });
  }

  /** @returns nothing when it died */
  ask(assignment: Assignment): Promise<Answer | undefined> {
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    this.#answer = resolve;
    if (this.#isGone) resolve(undefined);
    else this.child.send(assignment);
    return promise;
  }
}
