import type { RunConfig } from '../config/run-config.ts';
import type { Clock } from '../core/clock.ts';
import type { PastEvaluation } from '../log/contract.ts';
import type { Books } from './books.ts';
import type { Hunt } from './hunting.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import { type Migration, migrationsOf } from './migration.ts';
import type { Incumbent } from './record.ts';

/** Shows an optimizer a point that another one found. */
export type Deliver = (optimizer: LiveOptimizer, point: Incumbent) => void;

/** What becomes of evaluations that are in the log: the books, and hunts and migrations at certain calls. */
export class Decisions {
  readonly #books: Books;
  readonly #clock: Clock;
  readonly #hunt: Hunt;
  readonly #migrations: readonly Migration[];

  constructor(config: RunConfig, books: Books, clock: Clock, hunt: Hunt) {
    this.#books = books;
    this.#clock = clock;
    this.#hunt = hunt;
    this.#migrations = migrationsOf(config, books.shown);
  }

  /** Takes an evaluation into the books. */
  count(evaluation: PastEvaluation): void {
    const { record, reevaluation } = this.#books;
    if (record.add(evaluation)) this.#tellIncumbent(evaluation);
    reevaluation.add(evaluation.optimizerId, evaluation.fx);
  }

  /** Whether there is something to decide after a certain evaluation. */
  isDue(callId: number): boolean {
    return (
      this.#hunt.isDue(callId - 1, callId) || this.#migrations.some((one) => one.isDue(callId - 1, callId))
    );
  }

  /** Decides what is due after a certain evaluation, whatever batch it came in. */
  at(callId: number, deliver: Deliver): void {
    this.since(callId - 1, callId, deliver);
  }

  /** Decides as of call `to` what came to be due after call `from`. */
  since(from: number, to: number, deliver: Deliver): void {
    const { roster, record, chronicle } = this.#books;
    if (this.#hunt.isDue(from, to)) this.#hunt.at(to, this.#clock.elapsed(), roster, record, chronicle);
    for (const migration of this.#migrations)
      if (migration.isDue(from, to)) migration.at(to, roster, record, chronicle, deliver);
  }

  #tellIncumbent({ optimizerId, callId }: PastEvaluation): void {
    const { chronicle, record } = this.#books;
    const { fx, violation } = record.incumbent!;
    const message = `${fx}${violation > 0 ? `, violation ${violation}` : ''}`;
    chronicle.announce({
      kind: 'decision',
      type: 'incumbent',
      optimizerId,
      callId,
      message,
      data: { fx, violation },
    });
  }
}

/** Whether there is a multiple of `every` after call `from`, up to call `to`. */
export function hasMultiple(every: number, from: number, to: number): boolean {
  return Math.floor(to / every) > Math.floor(from / every);
}
