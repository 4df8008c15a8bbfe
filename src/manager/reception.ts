import type { HostExit } from '../backends/hosts/contract.ts';
import { type HostMessage, PROTOCOL_VERSION } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import type { Books } from './books.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Ending } from './ending.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import type { Conductor, Pace } from './pace.ts';
import type { Recruiting } from './recruiting.ts';
import type { ManagerWorld } from './world.ts';

/** What of a run the reception leads to. */
interface Rest {
  readonly conductor: Pick<Conductor, 'guard'>;
  readonly pace: Pace;
  readonly recruiting: Pick<Recruiting, 'rebuild'>;
  readonly checkpoints: Pick<Checkpoints, 'look'>;
  readonly ending: Ending;
  /** Whether the run goes on. */
  readonly isRunning: () => boolean;
  /** An optimizer is gone: it may have been the last. */
  readonly left: () => void;
}

/** Takes what comes from hosts: their messages, and their ends. */
export class Reception {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #rest: Rest;

  constructor(config: RunConfig, world: ManagerWorld, books: Books, rest: Rest) {
    this.#config = config;
    this.#world = world;
    this.#books = books;
    this.#rest = rest;
  }

  receive(optimizer: LiveOptimizer, message: HostMessage): void {
    optimizer.lastHeardAt = this.#world.clock.elapsed();
    switch (message.type) {
      case 'hello':
        if (message.protocol !== PROTOCOL_VERSION)
          throw new CodedError(
            'protocol-mismatch',
            `a host speaks protocol ${message.protocol}, this manager ${PROTOCOL_VERSION}: both must come from the same version of glompo`,
          );
        break;
      case 'ready':
        this.#welcome(optimizer, message);
        break;
      case 'computing':
        optimizer.isComputing = !message.isOver;
        break;
      case 'broken':
        optimizer.brokenBy = message.cause;
        optimizer.terminate();
        break;
      case 'batch':
        this.#rest.pace.take(optimizer, message.batch);
        break;
    }
  }

  #welcome(
    optimizer: LiveOptimizer,
    { batchSize, version }: Extract<HostMessage, { readonly type: 'ready' }>,
  ): void {
    optimizer.batchSize = batchSize;
    if (optimizer.readyAt === undefined) {
      optimizer.readyAt = this.#world.clock.elapsed();
      const isTold = optimizer.roundSize !== undefined && optimizer.version.logged === version;
      optimizer.roundSize ??= batchSize;
      if (!isTold) this.#world.log.setReady(optimizer.id, version, optimizer.roundSize);
    }
    if (optimizer.phase === 'starting') {
      if (optimizer.isPinning) optimizer.save();
      else optimizer.phase = 'ready';
    }
    this.#rest.pace.feed();
  }

  exited(optimizer: LiveOptimizer, how: HostExit): void {
    // What it did comes before its end.
    this.#rest.conductor.guard(() => {
      this.#rest.pace.settle();
    });
    const exit = optimizer.brokenBy === undefined ? how : { cause: optimizer.brokenBy };
    const cause = exit.error ? `${exit.cause}: ${exit.error.message}` : exit.cause;
    optimizer.isGone = true;
    this.#rest.conductor.guard(() => {
      if (this.#rest.ending.isSuspension && optimizer.phase !== 'ended') {
        this.#books.credits.close(optimizer.id);
        this.#books.roster.remove(optimizer.id);
      } else if (!this.#mayRebuild || !this.#rest.recruiting.rebuild(optimizer, cause))
        this.#rest.pace.exited(optimizer, exit);
    });
    // What it was at is never decided in a run that fails.
    if (this.#rest.ending.hasFailed) this.#books.roster.remove(optimizer.id);
    this.#rest.conductor.guard(() => {
      this.#rest.checkpoints.look();
      this.#rest.pace.feed();
    });
    this.#rest.left();
  }

  get #mayRebuild(): boolean {
    // Another one would do for evaluations of the best point, but it would not be the same run.
    const isNeeded = this.#books.reevaluation.isUnderWay && this.#config.manager.reproducible;
    return this.#rest.isRunning() || isNeeded;
  }
}
