import type { Clock } from '../core/clock.ts';
import type { IdleMeter } from './idle-time.ts';

/** Most answers come sooner, and nobody needs to know that they were waited for. */
const NOTICE_MS = 100;

/** Tells the manager, and the account of idle time, that a host waits for an optimizer that thinks elsewhere. */
export class ThinkingNotice {
  readonly #clock: Clock;
  readonly #idle: IdleMeter;
  readonly #tell: (isOver: boolean) => void;
  #cancel: (() => void) | undefined;
  #isTold = false;

  /** @param tell the manager, before and after a silence */
  constructor(clock: Clock, idle: IdleMeter, tell: (isOver: boolean) => void) {
    this.#clock = clock;
    this.#idle = idle;
    this.#tell = tell;
  }

  /** @param workers how many have nothing to do until it has thought; 0: it does not think */
  note(workers: number): void {
    this.#idle.waitForThoughts(workers);
    if (workers === 0) this.#over();
    else
      this.#cancel ??= this.#clock.after(NOTICE_MS, () => {
        this.#isTold = true;
        this.#tell(false);
      });
  }

  /** It is of no interest any more. */
  end(): void {
    this.#cancel?.();
  }

  #over(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#tell(true);
  }
}
