import type { HostExit } from '../backends/hosts/contract.ts';
import type { HostBatch } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Books } from './books.ts';
import type { Decisions } from './decisions.ts';
import type { Departures } from './departures.ts';
import { grantCredits } from './granting.ts';
import { Intake } from './intake.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import type { Conductor, Pace } from './pace.ts';
import type { ManagerWorld } from './world.ts';

/** Everything as it comes: no slot waits for another. */
export class FreePace implements Pace {
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #departures: Departures;
  readonly #intake: Intake;
  readonly #conductor: Conductor;
  /** What came since the event loop's last turn: one transaction for all of it, and credits handed out once. */
  #waiting: { readonly optimizer: LiveOptimizer; readonly batch: HostBatch }[] = [];

  constructor(
    config: RunConfig,
    world: ManagerWorld,
    books: Books,
    departures: Departures,
    decisions: Decisions,
    conductor: Conductor,
  ) {
    this.#world = world;
    this.#books = books;
    this.#departures = departures;
    this.#intake = new Intake(config, world, books, departures, decisions);
    this.#conductor = conductor;
  }

  take(optimizer: LiveOptimizer, batch: HostBatch): void {
    this.#waiting.push({ optimizer, batch });
    if (this.#waiting.length === 1)
      this.#world.clock.soon(() => {
        this.#conductor.guard(() => {
          this.settle();
        });
      });
  }

  settle(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const taken: LiveOptimizer[] = [];
    this.#world.log.atomically(() => {
      for (const { optimizer, batch } of waiting) if (this.#takeOne(optimizer, batch)) taken.push(optimizer);
    });
    if (taken.length === 0) return;
    for (const optimizer of taken) optimizer.acknowledge();
    this.#feed(taken);
    this.#books.knowledge.spread(this.#books.roster.working());
    this.#conductor.settled();
  }

  #takeOne(optimizer: LiveOptimizer, batch: HostBatch): boolean {
    const isTaken = this.#intake.take(
      optimizer,
      batch,
      () => this.#conductor.isFeeding,
      (step) => {
        this.#conductor.guard(step);
      },
    );
    if (isTaken)
      this.#conductor.guard(() => {
        this.#conductor.check();
      });
    return isTaken;
  }

  feed(): void {
    this.#feed();
  }

  /** Fills free slots and grants credits; tells those who got some, and `also`. */
  #feed(also: readonly LiveOptimizer[] = []): void {
    const { roster, credits, reevaluation, knowledge } = this.#books;
    this.#conductor.fill();
    const told = new Set(also);
    // Nobody goes on before all are there that were there before: one of them may not do again what the log says.
    const isComplete = !roster.all().some(({ isRevived, phase }) => isRevived && phase === 'starting');
    if (isComplete && (this.#conductor.isFeeding || reevaluation.isUnderWay))
      for (const optimizer of grantCredits(roster.working(), roster.size, credits)) told.add(optimizer);
    for (const optimizer of told) {
      knowledge.tell(optimizer);
      optimizer.update();
    }
  }

  exited(optimizer: LiveOptimizer, exit: HostExit): void {
    this.#departures.exited(optimizer, exit);
  }

  end(reason: string): void {
    const now = this.#world.clock.elapsed();
    for (const optimizer of this.#books.roster.all()) {
      // One that was never there has nothing to finish, and nobody waits until it is.
      if (optimizer.isNewborn) optimizer.terminate({ status: 'stopped', reason });
      else optimizer.finish('drain', { status: 'stopped', reason }, now);
    }
  }

  restore(): void {}
}
