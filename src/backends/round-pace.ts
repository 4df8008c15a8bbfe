import type { Finished } from './batch.ts';
import type { Round } from './protocol.ts';

/** An evaluation, as far as an optimizer is told of it. */
export type Told = Pick<Finished, 'candidateId' | 'outcome' | 'attempts'>;

/**
 * The pace of a reproducible run: what an optimizer is asked and told, and in which order, must not depend on how long evaluations
 * take or on how many run at once. So it is asked for points when it was told all those before, and told of them in their order.
 */
export class RoundPace {
  #number = 0;
  #left = 0;
  #finished: Told[] = [];

  /** The round that was begun last. */
  get number(): number {
    return this.#number;
  }

  /** How many evaluations are still to be started in this round. */
  get left(): number {
    return this.#left;
  }

  /** @param round that is to begin now, unless it has begun @returns whether it did */
  begin({ number, quota }: Round): boolean {
    if (number <= this.#number) return false;
    this.#number = number;
    this.#left = quota;
    return true;
  }

  start(count: number): void {
    this.#left -= count;
  }

  keep(finished: readonly Told[]): void {
    this.#finished.push(...finished);
  }

  /** What was not told yet. */
  get waiting(): number {
    return this.#finished.length;
  }

  /** All that was kept, in the order of asking. */
  take(): readonly Told[] {
    return this.#finished.splice(0).toSorted((a, b) => a.candidateId - b.candidateId);
  }
}
