import { MemoryLog } from '../log/memory-log.ts';
import type { Tally } from './targets.ts';

/** Standard errors are taken from so many of the latest calls; nothing else looks back. */
const KEPT = 20_000;

/** The log of a run of a bench: it keeps what was reached, and of the calls the latest. */
export class TallyLog extends MemoryLog {
  readonly #tally: Tally;
  readonly #onSpent: () => void;

  /** @param onSpent called once, soon after the budget is used up */
  constructor(size: number, tally: Tally, onSpent: () => void) {
    super(size, KEPT);
    this.#tally = tally;
    this.#onSpent = onSpent;
  }

  override settleRound(firstCallId: number): void {
    super.settleRound(firstCallId);
    if (this.#tally.isSpent) return;
    for (const evaluation of this.evaluations(firstCallId - 1)) this.#tally.add(evaluation);
    // The round is still being looked at.
    if (this.#tally.isSpent) queueMicrotask(this.#onSpent);
  }
}
