import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const VARIABLE = 'GLOMPO_TEST_MARK';

/**
 * Marks, by their environment, all processes that are started from here on while it is in use, so that those that are left can be
 * told from everybody else's.
 */
export class Marked implements Disposable {
  readonly #mark = `${VARIABLE}=${crypto.randomUUID()}`;

  constructor() {
    process.env[VARIABLE] = this.#mark.slice(VARIABLE.length + 1);
  }

  /** Pids of marked processes, `apart` from some. Zombies have no environment, and do not count. */
  alive(...apart: readonly (number | undefined)[]): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => !apart.includes(pid) && this.#isMarked(pid));
  }

  /** Waits for them to be gone. @returns who is left after `ms` */
  async gone(ms: number): Promise<readonly number[]> {
    for (const begun = performance.now(); performance.now() - begun < ms && this.alive().length > 0;)
      await sleep(20);
    return this.alive();
  }

  #isMarked(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(this.#mark);
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    delete process.env[VARIABLE];
  }
}
