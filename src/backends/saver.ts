import type { IdleMeter } from './idle-time.ts';
import { encodeSaved, type SavedOptimizer } from './saved-optimizer.ts';

/** So much computing of the optimizer is repeated at the most when it is brought to where it was. */
const MOST_COMPUTED_MS = 400;
/** So many of its evaluations are read again at the most. */
const MOST_EVALUATIONS = 20_000;

/** What a `Saver` saves. */
export interface Savable {
  /** Whether the optimizer is in a state from which it can go on: not while the journal lags behind it. */
  readonly isWhole: boolean;
  /** @returns whether `save` can be called now; otherwise that is being prepared */
  prepare(): boolean;
  /** The optimizer as it is after the journal's last operation. */
  save(): SavedOptimizer;
}

/** Decides when an optimizer's state goes into the log: when it was asked for, and before a replay would take too long. */
export class Saver {
  readonly #idle: IdleMeter;
  readonly #savable: Savable;
  #wanted = 0;
  #followed = 0;
  #evaluations = 0;
  #computedMs = 0;
  #isUnable = false;

  constructor(idle: IdleMeter, savable: Savable) {
    this.#idle = idle;
    this.#savable = savable;
  }

  /** @param total all snapshots that were asked for so far */
  ask(total: number): void {
    this.#wanted = Math.max(this.#wanted, total);
  }

  /** Whether somebody waits for a snapshot that can be taken now. */
  get isAsked(): boolean {
    return this.#wanted > this.#followed && this.#savable.isWhole;
  }

  /** The last request that was followed. */
  get followed(): number {
    return this.#followed;
  }

  /**
   * Whether a batch has to wait, as a snapshot belongs into it that is being prepared.
   *
   * @param rows how many evaluations that batch has
   */
  mustWait(rows: number): boolean {
    return this.#isDue(rows) && !this.#isUnable && !this.#savable.prepare();
  }

  /**
   * A snapshot that belongs into the batch which is about to be sent, if it is time for one.
   *
   * @param rows how many evaluations that batch has
   */
  take(rows: number): Uint8Array | undefined {
    const isDue = this.#isDue(rows);
    this.#evaluations += rows;
    if (!isDue) return undefined;
    this.#followed = this.#wanted;
    this.#evaluations = 0;
    this.#computedMs = this.#idle.computedMs;
    return this.#encoded();
  }

  #isDue(rows: number): boolean {
    const isDue =
      this.#wanted > this.#followed ||
      this.#evaluations + rows >= MOST_EVALUATIONS ||
      this.#idle.computedMs - this.#computedMs >= MOST_COMPUTED_MS;
    return isDue && this.#savable.isWhole;
  }

  /** An optimizer that cannot be saved, of a plug-in or in another process, is brought to where it was by a replay from its start. */
  #encoded(): Uint8Array | undefined {
    if (this.#isUnable) return undefined;
    try {
      return encodeSaved(this.#savable.save());
    } catch {
      this.#isUnable = true;
      return undefined;
    }
  }
}
