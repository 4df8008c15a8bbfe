import type { HostListener } from '../backends/hosts/contract.ts';
import type { OptimizerUse, RunConfig } from '../config/run-config.ts';
import { type Books, runSoFar } from './books.ts';
import { connect, launch } from './launching.ts';
import { LiveOptimizer } from './live-optimizer.ts';
import { pastOf } from './rebuilding.ts';
import { Spawner } from './spawning.ts';
import type { ManagerWorld } from './world.ts';

/** Of an optimizer that is none of the configuration's. */
const NO_TYPE = -1;

/** Fills free slots with optimizers. */
export class Recruiting {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #spawner: Spawner;
  readonly #listen: (optimizer: LiveOptimizer) => HostListener;

  /** @param listen makes the listener of an optimizer's host */
  constructor(
    config: RunConfig,
    world: ManagerWorld,
    books: Books,
    listen: (optimizer: LiveOptimizer) => HostListener,
  ) {
    this.#config = config;
    this.#world = world;
    this.#books = books;
    this.#spawner = new Spawner(config, books.space);
    this.#listen = listen;
  }

  /**
   * Starts as many optimizers as there are slots and evaluations for.
   *
   * @param isStarting whether any may be started; asked before each
   * @returns why the run cannot go on: none is left, and none may be started
   */
  fill(isStarting: () => boolean): string | undefined {
    const { roster, credits } = this.#books;
    while (isStarting() && credits.grantable >= 1 && roster.free >= 1) {
      const whyNot = this.#spawner.whyNot(roster.started, credits.counted);
      if (whyNot !== undefined)
        return roster.size === 0 ? `no optimizer is left, and no more are started: ${whyNot}` : undefined;
      const { type, use } = this.#spawner.next(roster.started + 1, () => runSoFar(this.#books));
      if (use.workers > roster.free) return undefined;
      this.#start(type, use, this.#spawner.startPoint(runSoFar(this.#books)));
    }
    return undefined;
  }

  /** Starts the evaluations of the best point that follow the run. */
  reevaluate(): void {
    const { credits, reevaluation } = this.#books;
    credits.raise(reevaluation.reserved);
    const { optimizerId, incumbent } = runSoFar(this.#books);
    this.#start(NO_TYPE, reevaluation.begin(optimizerId), incumbent!.point);
  }

  /**
   * Starts another host for an optimizer whose host died under an evaluation of its own, and brings it to where it was: the death of a worker
   * is no fault of the optimizer's. So it is tried as often as an evaluation is.
   *
   * @returns whether it was
   */
  rebuild(lost: LiveOptimizer, cause: string): boolean {
    const { id, use, phase, wish, rebuilds } = lost;
    const { roster, credits, record, chronicle, utilisation } = this.#books;
    const isDue = phase === 'ready' && wish === undefined && use.evaluate === 'inline';
    if (!isDue || rebuilds >= this.#config.manager.retries || record.of(id).evaluations === 0) return false;
    const count = credits.close(id);
    chronicle.tell({
      kind: 'operational',
      type: 'host-rebuilt',
      optimizerId: id,
      message: `${cause}; it goes on in another host, where it was`,
      data: { cause },
    });
    if (count > 0)
      chronicle.tell({
        kind: 'operational',
        type: 'credits-lost',
        optimizerId: id,
        message: `${count} credits came back from a host that is gone; what it ran is run again`,
        data: { count, cause },
      });
    const now = this.#world.clock.elapsed();
    const past = pastOf(this.#world.log.past(id));
    const rebuilt = new LiveOptimizer(id, use, now, rebuilds + 1);
    const optimizer = connect(this.#config, this.#world, rebuilt, lost.start, this.#listen, past);
    roster.replace(optimizer);
    utilisation.replaced(optimizer, now);
    credits.open(id);
    return true;
  }

  #start(type: number, use: OptimizerUse, start: Float64Array): void {
    const { roster, utilisation, credits, record, chronicle } = this.#books;
    const id = roster.started + 1;
    const optimizer = launch(this.#config, this.#world, chronicle, id, use, start, this.#listen);
    roster.add(optimizer);
    utilisation.started(optimizer, this.#world.clock.elapsed());
    credits.open(id);
    record.open(id, use.name, type);
  }
}
