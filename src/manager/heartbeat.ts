import type { RunConfig } from '../config/run-config.ts';
import type { Books } from './books.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Ending } from './ending.ts';
import type { Conductor } from './pace.ts';
import type { Stopping } from './stopping.ts';
import type { Stopwatch } from './stopwatch.ts';
import { watch } from './watchdog.ts';
import type { ManagerWorld } from './world.ts';

const TICK_MS = 100;
/** How often the log is told how long the run has taken: what a killed one loses of it. */
const NOTE_TIME_MS = 5000;

/** What of a run time alone moves. */
interface Moved {
  readonly conductor: Pick<Conductor, 'guard' | 'check'>;
  readonly stopping: Pick<Stopping, 'isTimed'>;
  readonly watch: Stopwatch;
  readonly checkpoints: Pick<Checkpoints, 'look'>;
  readonly ending: Ending;
  /** Whether the run goes on. */
  readonly isRunning: () => boolean;
  /** Ends the hosts of a run that is being suspended as they have nothing more to do. */
  readonly letGo: () => void;
}

/** What time alone brings about, every tenth of a second until it is stopped. */
export class Heartbeat {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #moved: Moved;
  #timeNotedAt = 0;
  #isOver = false;
  #cancel: () => void = () => {};

  constructor(config: RunConfig, world: ManagerWorld, books: Books, moved: Moved) {
    this.#config = config;
    this.#world = world;
    this.#books = books;
    this.#moved = moved;
  }

  beat(): void {
    this.#moved.conductor.guard(() => {
      this.#look(this.#world.clock.elapsed());
    });
    if (this.#isOver) return;
    this.#cancel = this.#world.clock.after(TICK_MS, () => {
      this.beat();
    });
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #look(now: number): void {
    const { conductor, stopping, checkpoints, ending, isRunning, letGo } = this.#moved;
    if (stopping.isTimed) conductor.check();
    this.#noteTime(now);
    this.#books.knowledge.spread(this.#books.roster.working());
    if (isRunning()) checkpoints.look();
    if (this.#books.roster.isElastic && this.#books.roster.slots === 0) ending.hasten(now);
    if (ending.isSuspension) {
      letGo();
      return;
    }
    const { forceTerminationsAfterSeconds: force = Infinity } = this.#config.manager;
    const { deadline: endDeadline, reason: stopReason } = ending;
    for (const optimizer of this.#books.roster.all()) {
      // One that waits for machines is silent, and does not hang.
      const silentMs = optimizer.use.evaluate === 'cluster' ? Infinity : 1000 * force;
      const isOwing = optimizer.phase !== 'ended' && this.#books.credits.outstandingOf(optimizer.id) > 0;
      watch(optimizer, isOwing, now, { endDeadline, stopReason, silentMs });
    }
  }

  #noteTime(now: number): void {
    const { watch: stopwatch } = this.#moved;
    if (now < this.#timeNotedAt + NOTE_TIME_MS || stopwatch.isPaused) return;
    this.#timeNotedAt = now;
    this.#world.log.set({ overallSeconds: stopwatch.spent.overall });
  }
}
