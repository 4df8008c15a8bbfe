import { utimesSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { copyLog } from './copy.ts';
import { LOG_FILE, POINTER_FILE } from './place.ts';

/** As often as a run writes its vitals into its log, so that other machines see that it is live. */
const TOUCH_MS = 10_000;

/** Of all time, copying may take one part in so many. */
const LEAST_SHARE = 10;

export interface CopySchedule {
  /** The log, which is written to meanwhile. */
  readonly file: string;
  readonly runDir: string;
  readonly everySeconds: number;
  readonly clock: Clock;
  /** Told once, until a copy succeeds again. */
  readonly onFailure: (message: string) => void;
}

/** Copies a log into its run directory as the run goes on: at once, then every so many seconds after the copy before. */
export class LogCopies implements AsyncDisposable {
  readonly #schedule: CopySchedule;
  #isOver = false;
  #hasFailed = false;
  #cancelCopy: () => void = () => {};
  #cancelTouch: () => void = () => {};
  /** The latest copy. */
  copied: Promise<void>;

  constructor(schedule: CopySchedule) {
    this.#schedule = schedule;
    this.#touch();
    this.copied = this.#copy();
  }

  async #copy(): Promise<void> {
    const { file, runDir, everySeconds, clock, onFailure } = this.#schedule;
    const startedAt = clock.elapsed();
    try {
      await copyLog(file, path.join(runDir, LOG_FILE), () => this.#isOver);
      this.#hasFailed = false;
    } catch (error) {
      if (this.#isOver) return;
      if (!this.#hasFailed)
        onFailure(
          `cannot copy the run log to ${runDir}: ${messageOf(error)}; the run goes on with the log in ${file}, and tries again every ${everySeconds} s`,
        );
      this.#hasFailed = true;
    }
    if (this.#isOver) return;
    const took = clock.elapsed() - startedAt;
    this.#cancelCopy = clock.after(Math.max(1000 * everySeconds, LEAST_SHARE * took), () => {
      this.copied = this.#copy();
    });
  }

  #touch(): void {
    const { runDir, clock } = this.#schedule;
    try {
      const now = new Date();
      utimesSync(path.join(runDir, POINTER_FILE), now, now);
    } catch {
      // Readers elsewhere take the run for dead a minute later.
    }
    this.#cancelTouch = clock.after(TOUCH_MS, () => {
      this.#touch();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancelCopy();
    this.#cancelTouch();
    await this.copied;
  }
}
