import type { HostListener } from '../backends/hosts/contract.ts';
import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import type { LoggedPast } from '../log/contract.ts';
import { type Books, runSoFar } from './books.ts';
import { connect, launch } from './launching.ts';
import type { Survivor } from './recovery.ts';
import type { Resumption } from './resuming.ts';
import { LiveOptimizer } from './live-optimizer.ts';
import { intactPast, pastOf } from './rebuilding.ts';
import { type Choice, NO_TYPE, restartsByItself, Spawner } from './spawning.ts';
import type { ManagerWorld } from './world.ts';

/** So many optimizers in a row that had nothing evaluated, as all was known: the next ones would not either. */
const MOST_IN_VAIN = 10;

/** Fills free slots with optimizers. */
export class Recruiting {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #spawner: Spawner;
  readonly #listen: (optimizer: LiveOptimizer) => HostListener;
  /** Optimizers of an earlier session that wait for slots, by id. */
  #parked: readonly Survivor[] = [];
  #resumption: Resumption | undefined;
  /** What was told to wait for slots. */
  #told: Choice | undefined;

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

  get parked(): readonly Survivor[] {
    return this.#parked;
  }

  /**
   * Takes charge of optimizers that are to go on: they start in their order as there are slots for them, and before any others.
   *
   * @param chosen what was to be the next one
   * @throws {CodedError} `usage` when one of them needs more slots than there are
   */
  park(survivors: readonly Survivor[], chosen: Choice | undefined, resumption: Resumption): void {
    const { slots, started, isElastic } = this.#books.roster;
    for (const { id, use } of survivors)
      if (use.workers > slots && !isElastic)
        throw new CodedError(
          'usage',
          `optimizer ${id} (${use.name}) needs ${use.workers} slots, and manager.maxJobs is ${slots}: set it to at least ${use.workers}`,
        );
    this.#parked = survivors;
    this.#resumption = resumption;
    if (chosen) this.#spawner.restore(started + 1, chosen);
    this.#told = chosen;
  }

  /** Starts those that are to go on, in their order, as far as there are slots. */
  reviveParked(isStarting: () => boolean): void {
    for (let [next] = this.#parked; next && isStarting(); [next] = this.#parked) {
      if (!this.#books.roster.hasRoomFor(next.use)) return;
      this.#parked = this.#parked.slice(1);
      this.#revive(next);
    }
  }

  /** They will not go on: the run ends before there were slots for them. */
  giveUpParked(): readonly Survivor[] {
    const parked = this.#parked;
    this.#parked = [];
    return parked;
  }

  /**
   * Starts as many optimizers as there are slots and evaluations for.
   *
   * @param isStarting whether any may be started; asked before each
   * @returns why the run cannot go on: none is left, and none may be started
   */
  fill(isStarting: () => boolean): string | undefined {
    const { roster, credits, chronicle } = this.#books;
    this.reviveParked(isStarting);
    if (this.#parked.length > 0 || roster.free < 1) return undefined;
    // Those that have no credits yet will want some: one that there is nothing left for is not started.
    let claims = roster
      .all()
      .filter(({ id, phase }) => phase !== 'ended' && credits.outstandingOf(id) === 0).length;
    while (isStarting() && credits.grantable >= claims + 1 && roster.free >= 1) {
      const whyNot = this.#spawner.whyNot(() => runSoFar(this.#books)) ?? this.#whyInVain();
      if (whyNot !== undefined)
        return roster.size === 0 ? `no optimizer is left, and no more are started: ${whyNot}` : undefined;
      const id = roster.started + 1;
      const choice = this.#spawner.next(id, () => runSoFar(this.#books));
      const { type: place, use } = choice;
      if (!roster.hasRoomFor(use)) {
        if (this.#told !== choice)
          chronicle.tell({
            kind: 'decision',
            type: 'optimizer-chosen',
            optimizerId: id,
            message: `${use.name} waits for ${use.workers} slots`,
            data: { optimizer: use.name, place, options: use.options },
          });
        this.#told = choice;
        return undefined;
      }
      this.#start(choice, this.#spawner.startPoint(runSoFar(this.#books), place));
      claims++;
    }
    return undefined;
  }

  /** With a cache, optimizers could end one after the other without ever using the budget. */
  #whyInVain(): string | undefined {
    const { cache } = this.#config;
    const { inVain } = this.#books.record;
    if (!cache || cache.charge || inVain < MOST_IN_VAIN) return undefined;
    return `all that the last ${inVain} asked for was known already (cache)`;
  }

  /** Starts the evaluations of the best point that follow the run. */
  reevaluate(): void {
    const { credits, reevaluation } = this.#books;
    credits.raise(reevaluation.reserved);
    const { optimizerId, incumbent } = runSoFar(this.#books);
    this.#start({ type: NO_TYPE, use: reevaluation.begin(optimizerId) }, incumbent!.point);
  }

  /**
   * Starts another host for an optimizer whose host died under an evaluation of its own, and brings it to where it was: the death of a worker
   * is no fault of the optimizer's. So it is tried as often as an evaluation is.
   *
   * @returns whether it was
   */
  rebuild(lost: LiveOptimizer, cause: string): boolean {
    const { id, use, phase, wish, rebuilds } = lost;
    const { roster, credits, record, chronicle, utilisation, knowledge } = this.#books;
    const isOften =
      use.evaluate === 'inline' || lost.brokenBy !== undefined || this.#config.manager.reproducible;
    // In a reproducible run also one that died before it began: whether it does is chance.
    const isPhase = phase === 'ready' || (phase === 'starting' && this.#config.manager.reproducible);
    const isDue = isPhase && wish === undefined && isOften;
    if (!isDue || rebuilds >= this.#config.manager.retries) return false;
    if (record.of(id).evaluations === 0 && !this.#config.manager.reproducible) return false;
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
    const optimizer = connect(this.#config, this.#world, knowledge, rebuilt, lost.start, this.#listen, past);
    this.#showAgain(optimizer);
    roster.replace(optimizer);
    utilisation.replaced(optimizer, now);
    credits.open(id);
    return true;
  }

  /** What an optimizer is shown as it starts may be lost with its host; one that has seen it does not look again. */
  #showAgain(optimizer: LiveOptimizer): void {
    const point = this.#books.predecessor.pointFor(optimizer.id);
    if (point) optimizer.inject(point);
  }

  #start(choice: Choice, start: Float64Array): void {
    const { roster, utilisation, credits, record } = this.#books;
    const id = roster.started + 1;
    const optimizer = launch(this.#config, this.#world, this.#books, id, choice, start, this.#listen);
    roster.add(optimizer);
    utilisation.started(optimizer, this.#world.clock.elapsed());
    credits.open(id);
    record.open(id, choice.use.name, choice.type, restartsByItself(choice));
  }

  #tellSkipped(optimizerId: number, { snapshotCall, callIds }: LoggedPast): void {
    const where = snapshotCall === 0 ? 'its start' : `where it was after call ${snapshotCall}`;
    this.#books.chronicle.tell({
      kind: 'operational',
      type: 'from-snapshot',
      optimizerId,
      message: `it goes on from ${where}; ${callIds.length} later evaluations are unknown to it`,
      data: { callId: snapshotCall, skipped: callIds.length },
    });
  }

  /** Starts a host for an optimizer of an earlier session. */
  #revive({ id, use, start, version, batchSize }: Survivor): void {
    const { roster, utilisation, credits, knowledge } = this.#books;
    const now = this.#world.clock.elapsed();
    const optimizer = new LiveOptimizer(id, use, now, 0, true);
    const { isSnapshotOnly = false, writtenBy = '' } = this.#resumption ?? {};
    optimizer.version = { logged: version, writtenBy };
    optimizer.roundSize = batchSize ?? undefined;
    optimizer.isPinning = isSnapshotOnly;
    const who = `optimizer ${id} (${use.name})`;
    const logged = intactPast(this.#world.log, id, who, isSnapshotOnly, (message) => {
      this.#books.chronicle.tell({
        kind: 'operational',
        type: 'snapshot-damaged',
        optimizerId: id,
        message,
        data: {},
      });
    });
    if (isSnapshotOnly) this.#tellSkipped(id, logged);
    const past = { ...pastOf(logged), isSnapshotOnly };
    roster.replace(connect(this.#config, this.#world, knowledge, optimizer, start, this.#listen, past));
    this.#showAgain(optimizer);
    utilisation.started(optimizer, now);
    credits.open(id);
  }
}
