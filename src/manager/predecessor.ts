import type { WarmStartSettings } from '../config/run-config.ts';
import type { RunLog } from '../log/contract.ts';
import type { Incumbent, RunRecord } from './record.ts';
import { WARM_START_ID, WARM_START_TYPE, type WarmStartFacts } from './warm-start.ts';

/** As many of its minima are shown to generators as places where optimizers ended. */
const MOST_MINIMA = 64;
const NO_TYPE = -1;

/** The run whose evaluations this one started with: the books know them as those of one optimizer, which ended before the first began. */
export class Predecessor {
  readonly #inject: WarmStartSettings['inject'];
  readonly #record: RunRecord;
  readonly #log: Pick<RunLog, 'point'>;
  /** The best first. */
  #minima: readonly Incumbent[] = [];
  #facts: WarmStartFacts | undefined;

  constructor(warmStart: WarmStartSettings | undefined, record: RunRecord, log: Pick<RunLog, 'point'>) {
    this.#inject = warmStart?.inject ?? 'none';
    this.#record = record;
    this.#log = log;
  }

  /** Its evaluations are about to go into the record. */
  begin(facts: WarmStartFacts): void {
    this.#facts = facts;
    this.#record.open(WARM_START_ID, WARM_START_TYPE, NO_TYPE);
    this.passed(0);
  }

  /** A call has gone into the record: after the last of its own, it has ended. */
  passed(callId: number): void {
    if (callId !== this.#facts?.rows) return;
    this.#minima = this.#facts.minima.flatMap((call): Incumbent | readonly [] => {
      const found = this.#log.point(call);
      return found ? { callId: call, optimizerId: WARM_START_ID, violation: 0, ...found } : [];
    });
    this.#record.closePredecessor(WARM_START_ID, this.#minima.slice(0, MOST_MINIMA));
  }

  /** What an optimizer is shown when it starts. */
  pointFor(optimizerId: number): Incumbent | undefined {
    switch (this.#inject) {
      case 'none':
        return undefined;
      case 'best':
        return this.#minima[0];
      case 'minima':
        return this.#minima[optimizerId - 1];
    }
  }
}
