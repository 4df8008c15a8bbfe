import type { SweepTarget } from './members.ts';
import { sweep } from './sweep.ts';

/** A look at all processes costs about 10 µs for each on the machine, so what ends within this time is looked for together. */
const GATHER_MS = 100;

/** What many children of short lives left behind, ended a few times a second with one look for all of them. */
export class GatheredSweep {
  #targets: SweepTarget[] = [];
  #done: PromiseWithResolvers<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Resolves when nothing of `target` is left. */
  add(target: SweepTarget): Promise<void> {
    this.#targets.push(target);
    this.#done ??= Promise.withResolvers<void>();
    const { promise } = this.#done;
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, GATHER_MS);
    return promise;
  }

  /** Does it now. */
  flush(): void {
    const { resolve, reject } = this.#done ?? {};
    if (!resolve || !reject) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#done = undefined;
    const targets = this.#targets;
    this.#targets = [];
    const cookies = targets.flatMap((target) => target.cookies);
    const leaders = targets.flatMap((target) => target.leaders ?? []);
    sweep({ cookies, leaders }, { graceMs: 0 }).then(() => {
      resolve();
    }, reject);
  }
}
