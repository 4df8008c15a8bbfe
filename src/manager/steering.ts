import type { RunConfig } from '../config/run-config.ts';
import { isOptimizerId, type Outcome } from '../control/protocol.ts';
import type { Books } from './books.ts';
import type { Conductor, Pace } from './pace.ts';
import type { Pauser, Stopwatch } from './stopwatch.ts';
import type { ManagerWorld } from './world.ts';

/** What people do to a run that goes on, short of ending it. Every call is made while it does. */
export class Steering {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #watch: Stopwatch;
  readonly #conductor: Pick<Conductor, 'guard'>;
  readonly #pace: Pick<Pace, 'feed'>;

  constructor(
    config: RunConfig,
    world: ManagerWorld,
    books: Books,
    watch: Stopwatch,
    conductor: Pick<Conductor, 'guard'>,
    pace: Pick<Pace, 'feed'>,
  ) {
    this.#config = config;
    this.#world = world;
    this.#books = books;
    this.#watch = watch;
    this.#conductor = conductor;
    this.#pace = pace;
  }

  /** @param isRunning whether the run goes on */
  stopOptimizer(id: number, why: string, isRunning: boolean): Outcome {
    const { roster, chronicle } = this.#books;
    if (!isOptimizerId(id) || id > roster.started) return 'unknown';
    const optimizer = roster.get(id);
    if (!optimizer || optimizer.wish || optimizer.phase === 'ended') return 'already';
    if (!isRunning) return 'not-running';
    const reason = `stopped by hand: ${why}`;
    this.#conductor.guard(() => {
      chronicle.tell({
        kind: 'decision',
        type: 'stop-optimizer',
        optimizerId: id,
        message: `optimizer ${id} ${reason}`,
        data: { reason },
      });
      // One that is still starting has nothing to finish, and its task may never load.
      const isAtOnce = this.#config.manager.aggressiveKill || optimizer.phase === 'starting';
      const wish = { status: 'stopped', reason } as const;
      optimizer.finish(isAtOnce ? 'cancel' : 'drain', wish, this.#world.clock.elapsed());
    });
    return 'done';
  }

  /** Starts nothing more until `unpause`: credits not in use come back, what runs may finish. Time stands still for checkers. */
  pause(reason: string, by: Pauser): Outcome {
    if (!this.#watch.pause(by)) return 'already';
    this.#tell('pause', reason, () => {
      for (const optimizer of this.#books.roster.working()) optimizer.revoke();
    });
    return 'done';
  }

  unpause(reason: string, by: Pauser): Outcome {
    if (!this.#watch.unpause(by)) return 'already';
    this.#tell('unpause', reason, () => {
      this.#pace.feed();
    });
    return 'done';
  }

  #tell(type: 'pause' | 'unpause', reason: string, andThen: () => void): void {
    this.#conductor.guard(() => {
      this.#world.log.atomically(() => {
        this.#world.log.set(type === 'pause' ? { paused: true, pauseReason: reason } : { paused: false });
        this.#books.chronicle.tell({ kind: 'decision', type, message: reason, data: { reason } });
      });
      andThen();
    });
  }
}
