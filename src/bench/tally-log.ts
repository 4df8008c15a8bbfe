import type { PastEvaluation } from '../log/contract.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { Tally } from './targets.ts';

/** Standard errors are taken from so many of the latest calls; nothing else looks back. */
const KEPT = 20_000;

/** Who is told of a run. */
interface TallyListener {
  /** Of every evaluation. */
  watch(this: void, evaluation: PastEvaluation): void;
  /** Once, soon after the budget is used up. */
  onSpent(this: void): void;
}

/** The log of a run of a bench: it keeps what was reached, and of the calls the latest. */
export class TallyLog extends MemoryLog {
  readonly #tally: Tally;
  readonly #listener: TallyListener;

  constructor(size: number, tally: Tally, listener: TallyListener) {
    super(size, KEPT);
    this.#tally = tally;
    this.#listener = listener;
  }

  override settleRound(firstCallId: number): void {
    super.settleRound(firstCallId);
    if (this.#tally.isSpent) return;
    for (const evaluation of this.evaluations(firstCallId - 1)) {
      this.#tally.add(evaluation);
      this.#listener.watch(evaluation);
    }
    // The round is still being looked at.
    if (this.#tally.isSpent)
      queueMicrotask(() => {
        this.#listener.onSpent();
      });
  }
}
