import type { Clock } from '../core/clock.ts';
import type { Outcome } from '../control/protocol.ts';
import type { Pauser } from './stopwatch.ts';

const EVERY_MS = 1000;
const WINDOW_MS = 60_000;
/** Before that much is known of how the log grows, it is not taken for a rate. */
const LEAST_WINDOW_MS = 5000;
/** What must be free when `minFreeBytes` says nothing else, and the log grows slowly. */
export const DEFAULT_MIN_FREE_BYTES: number = 64 * 2 ** 20;
/** So that a run does not pause and go on all the time. */
const MARGIN = 1.25;

/** What the guard looks at. */
interface Space {
  /** What is free where the log is. */
  freeBytes(): number;
  /** How large the log is. */
  logBytes(): number;
}

interface GuardedRun {
  pause(reason: string, by: Pauser): Outcome;
  unpause(reason: string, by: Pauser): Outcome;
}

export interface FreeSpaceOptions {
  readonly run: GuardedRun;
  readonly space: Space;
  readonly clock: Clock;
  /** Of the log, for messages. */
  readonly directory: string;
  /** How much must be free; 0: nothing is watched. @default 64 MB, or what the log grew by in the last minute if that is more */
  readonly minFreeBytes: number | undefined;
}

/**
 * Pauses a run before its log has filled the disk, and lets it go on when there is room again. What a person says goes: after their
 * `unpause` the run goes on without the guard, until there has been room once.
 */
export class FreeSpaceGuard implements Disposable {
  readonly #options: FreeSpaceOptions;
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];
  #state: 'watching' | 'paused' | 'overruled' = 'watching';
  #needed = 0;
  #cancel: () => void = () => {};

  constructor(options: FreeSpaceOptions) {
    this.#options = options;
    if (options.minFreeBytes !== 0) this.#watch();
  }

  /** The run goes on by another's will than the guard's. */
  overrule(): void {
    if (this.#state === 'paused') this.#state = 'overruled';
  }

  #watch(): void {
    this.#check();
    this.#cancel = this.#options.clock.after(EVERY_MS, () => {
      this.#watch();
    });
  }

  #check(): void {
    const { run, space, directory } = this.#options;
    let free: number;
    let bytes: number;
    try {
      free = space.freeBytes();
      bytes = space.logBytes();
    } catch {
      // Not even that can be told. If the log cannot be written, that ends the run.
      return;
    }
    if (this.#state !== 'watching') {
      if (free < MARGIN * this.#needed) return;
      const wasPaused = this.#state === 'paused';
      this.#state = 'watching';
      if (wasPaused)
        run.unpause(`free-space: ${megabytes(free)} are free again in ${directory}`, 'free-space');
      return;
    }
    this.#needed = this.#options.minFreeBytes ?? Math.max(DEFAULT_MIN_FREE_BYTES, this.#growth(bytes));
    if (free >= this.#needed) return;
    const reason = `free-space: ${megabytes(free)} are free in ${directory}, where the log is, fewer than ${megabytes(this.#needed)}; make room, and the run goes on by itself, or say glompo unpause to go on as it is`;
    if (run.pause(reason, 'free-space') === 'done') this.#state = 'paused';
  }

  /** What the log grew by in a minute, by what was seen in the last one. */
  #growth(bytes: number): number {
    const samples = this.#samples;
    const at = this.#options.clock.elapsed();
    samples.push({ at, bytes });
    while (at - samples[0]!.at > WINDOW_MS) samples.shift();
    const [first] = samples;
    const ms = at - first!.at;
    return ms < LEAST_WINDOW_MS ? 0 : ((bytes - first!.bytes) * WINDOW_MS) / ms;
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }
}

function megabytes(bytes: number): string {
  return `${Number((bytes / 2 ** 20).toPrecision(3))} MB`;
}
