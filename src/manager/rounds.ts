import type { HostExit } from '../backends/hosts/contract.ts';
import type { HostBatch, HostEnd, Injection, KnownRows } from '../backends/protocol.ts';
import { countedOf } from '../backends/batch.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Books } from './books.ts';
import type { Decisions } from './decisions.ts';
import type { Departures } from './departures.ts';
import { isCovered, loggedRows, refuseFailures } from './intake.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import { refuseMismatch } from './mismatch.ts';
import type { Conductor, Pace } from './pace.ts';
import type { Doomed, Recovered } from './recovery.ts';
import type { ManagerWorld } from './world.ts';

/** An optimizer in the round that is under way. */
interface Member {
  /** How many evaluations it makes in it. */
  readonly quota: number;
  /** As many of them as the budget allows. */
  readonly granted: number;
  /** How many have come. */
  arrived: number;
}

/** How an optimizer ended in a round: it said so, or its host is gone. */
type Departure =
  | { readonly kind: 'ended'; readonly end: HostEnd }
  | { readonly kind: 'gone'; readonly exit: HostExit };

/**
 * The pace of a reproducible run. Each optimizer makes a number of evaluations in a round; they are kept as they come, and numbered by
 * optimizer and candidate when all have; hunts, migrations, starts and the end of the run are decided between rounds alone. So nothing
 * depends on who was quicker.
 *
 * What is decided between two rounds is written in one transaction with the evaluations of the first: a run that is killed goes on
 * from before or from after all of it.
 */
export class Rounds implements Pace {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #departures: Departures;
  readonly #decisions: Decisions;
  readonly #conductor: Conductor;
  #number = 0;
  /** Of the round that is under way; nobody between rounds. */
  #members: ReadonlyMap<number, Member> = new Map();
  readonly #departed = new Map<number, { readonly optimizer: LiveOptimizer; readonly how: Departure }>();
  /** What optimizers are shown before they begin. */
  #injections = new Map<number, Injection[]>();
  /** A round of an earlier session that was not complete: what of it is in the log, by optimizer. */
  #unfinished: ReadonlyMap<number, number>;
  /** Nobody of it is left, and it is to be numbered. */
  #isLeftover = false;
  /** Who ends with it. */
  #doomed: readonly Doomed[] = [];
  #isAdvancing = false;

  constructor(
    config: RunConfig,
    world: ManagerWorld,
    books: Books,
    departures: Departures,
    decisions: Decisions,
    conductor: Conductor,
  ) {
    this.#config = config;
    this.#world = world;
    this.#books = books;
    this.#departures = departures;
    this.#decisions = decisions;
    this.#conductor = conductor;
    this.#unfinished = new Map(world.log.arrived().map(({ optimizerId, counted }) => [optimizerId, counted]));
  }

  restore({ injections, doomed }: Recovered): void {
    if (this.#unfinished.size > 0) this.#doomed = doomed;
    for (const [id, calls] of injections)
      this.#injections.set(
        id,
        calls.map((callId) => ({ callId, ...this.#world.log.point(callId)! })),
      );
  }

  end(reason: string): void {
    const wish = { status: 'stopped', reason } as const;
    if (this.#members.size > 0) {
      const now = this.#world.clock.elapsed();
      for (const optimizer of this.#books.roster.all()) optimizer.finish('drain', wish, now);
      return;
    }
    // Nobody has anything under way.
    this.#settleDepartures();
    for (const optimizer of this.#books.roster.all())
      if (optimizer.phase !== 'ended') this.#departures.dismiss(optimizer, wish);
  }

  take(optimizer: LiveOptimizer, batch: HostBatch): void {
    if (batch.sequence !== optimizer.taken + 1) {
      optimizer.update();
      return;
    }
    // One that was dismissed between rounds has nothing more to say.
    if (optimizer.phase !== 'ended' && !this.#departed.has(optimizer.id)) {
      if (!isCovered(optimizer, batch, this.#books.credits)) return;
      this.#world.log.atomically(() => {
        this.#keep(optimizer, batch);
      });
    }
    optimizer.taken = batch.sequence;
    optimizer.acknowledge();
    optimizer.update();
    this.feed();
    this.#conductor.settled();
  }

  settle(): void {}

  #keep(
    optimizer: LiveOptimizer,
    { rows, operations, snapshot, saved, returned, idle, end, acknowledgedAfter }: HostBatch,
  ): void {
    const { id } = optimizer;
    const { credits, utilisation } = this.#books;
    if (end) refuseMismatch(optimizer, end);
    const kept = snapshot ? { snapshot } : {};
    const logged = loggedRows(rows);
    const member = this.#members.get(id);
    // What comes before a round of an earlier session goes on belongs to that round too.
    if (member || this.#unfinished.has(id))
      this.#world.log.arrive({ optimizerId: id, rows: logged, operations, ...kept });
    else
      this.#world.log.commit({
        optimizerId: id,
        firstCallId: credits.calls + 1,
        rows: logged,
        operations,
        isPinned: optimizer.isPinning,
        ...kept,
      });
    optimizer.noteSaved(saved, snapshot !== undefined);
    const counted = countedOf(rows);
    credits.arrive(id, counted, returned);
    if (member) member.arrived += counted;
    utilisation.acknowledged(acknowledgedAfter);
    if (rows.count > 0) {
      this.#departures.noteSuccess();
      optimizer.measure(rows.count, this.#world.clock.elapsed());
      utilisation.evaluated(optimizer, rows.durationMs, idle);
    }
    if (end) this.#depart(optimizer, { kind: 'ended', end });
  }

  /** It has ended, which is put into effect when the round is complete. */
  #depart(optimizer: LiveOptimizer, how: Departure): void {
    if (this.#departed.has(optimizer.id)) return;
    optimizer.phase = 'finishing';
    this.#departed.set(optimizer.id, { optimizer, how });
  }

  exited(optimizer: LiveOptimizer, exit: HostExit): void {
    const departed = this.#departed.get(optimizer.id);
    // What was decided to be its end still is, when the round is complete.
    if (optimizer.phase === 'ended') this.#departures.exited(optimizer, exit);
    else if (!departed) this.#depart(optimizer, { kind: 'gone', exit });
    this.feed();
  }

  /** Goes as far as it can now. */
  feed(): void {
    if (this.#isAdvancing || this.#conductor.isHolding) return;
    this.#isAdvancing = true;
    try {
      do {
        if (this.#isComplete) this.#complete();
        if (this.#members.size > 0) this.#grant();
        else this.#begin();
        // A round that had come whole when the log ended has nothing to wait for.
      } while (this.#isComplete);
    } finally {
      this.#isAdvancing = false;
    }
  }

  get #isComplete(): boolean {
    if (this.#members.size === 0) return this.#isLeftover;
    // One that is brought to where it was takes part in what is decided.
    const isMissing = ({ id, phase }: LiveOptimizer): boolean =>
      phase === 'starting' && !this.#departed.has(id);
    if (this.#books.roster.all().some(isMissing)) return false;
    for (const [id, { granted, arrived }] of this.#members)
      if (arrived < granted && !this.#departed.has(id)) return false;
    return true;
  }

  /** Numbers what has come, and decides what follows from it. */
  #complete(): void {
    const { log } = this.#world;
    const { credits } = this.#books;
    const before = credits.calls;
    this.#injections.clear();
    this.#isLeftover = false;
    log.atomically(() => {
      const arrived = log.arrived();
      log.settleRound(before + 1);
      for (const { rows, counted } of arrived) credits.number(rows, counted);
      if (arrived.some(({ rows, counted }) => counted < rows))
        log.set({ uncounted: credits.calls - credits.counted });
      for (const evaluation of log.evaluations(before)) this.#decisions.count(evaluation);
      this.#members = new Map();
      this.#conductor.guard(() => {
        if (this.#conductor.isFeeding) this.#decide(before, credits.calls);
        this.#settleDepartures();
        if (this.#config.manager.onFailure.kind === 'abort') refuseFailures(log.evaluations(before));
        this.#conductor.check();
      });
    });
  }

  #decide(before: number, now: number): void {
    this.#decisions.since(before, now, ({ id }, { callId, x, fx }) => {
      this.#injections.set(id, [...(this.#injections.get(id) ?? []), { callId, x, fx }]);
    });
    for (const optimizer of this.#books.roster.all())
      if (optimizer.wish && optimizer.phase !== 'ended' && !this.#departed.has(optimizer.id))
        this.#departures.dismiss(optimizer, optimizer.wish);
  }

  /** Ascending by id, whoever was first. */
  #settleDepartures(): void {
    for (const { id, type, wish } of this.#doomed) this.#departures.close(id, type, wish);
    this.#doomed = [];
    const departed = [...this.#departed.values()].toSorted((a, b) => a.optimizer.id - b.optimizer.id);
    for (const { optimizer, how } of departed) {
      this.#departed.delete(optimizer.id);
      if (how.kind === 'ended') this.#departures.ended(optimizer, how.end);
      else this.#departures.exited(optimizer, how.exit);
      if (optimizer.isGone) this.#books.roster.remove(optimizer.id);
    }
  }

  /** Begins the next round as soon as nobody is missing or in the way. */
  #begin(): void {
    const { roster, reevaluation, credits } = this.#books;
    if (this.#departed.size > 0 && this.#unfinished.size === 0)
      this.#world.log.atomically(() => {
        // A failure ends the run, and takes nothing back of what was written until then.
        this.#conductor.guard(() => {
          this.#settleDepartures();
        });
      });
    // Slots are filled when it is certain which are free: those of optimizers that ended are when their hosts are gone.
    if (roster.all().some(({ phase }) => phase === 'ended')) return;
    if (this.#unfinished.size === 0 || this.#conductor.isExpecting) this.#conductor.fill();
    if (!this.#conductor.isFeeding && !reevaluation.isUnderWay) return;
    const live = roster.all().filter(({ id }) => !this.#departed.has(id));
    const wasUnfinished = this.#unfinished.size > 0;
    if ((live.length === 0 && !wasUnfinished) || live.some(({ isWorking }) => !isWorking)) return;
    this.#number++;
    let left = credits.grantable;
    const members = new Map<number, Member>();
    for (const { id, batchSize, roundSize } of live) {
      const quota = this.#config.manager.roundEvaluations ?? roundSize ?? batchSize;
      // What has come already in an earlier session used no credits of this one.
      const arrived = this.#unfinished.get(id) ?? 0;
      const granted = arrived + Math.min(quota - arrived, left);
      left -= granted - arrived;
      if (granted > 0) members.set(id, { quota, granted, arrived });
    }
    this.#unfinished = new Map();
    this.#members = members;
    for (const optimizer of live) this.#start(optimizer);
    this.#isLeftover = wasUnfinished && members.size === 0;
  }

  #start(optimizer: LiveOptimizer): void {
    const member = this.#members.get(optimizer.id);
    if (!member) return;
    this.#top(optimizer, member);
    optimizer.begin({
      number: this.#number,
      quota: member.quota - member.arrived,
      injections: this.#injections.get(optimizer.id) ?? [],
      ...knownTo(this.#books.knowledge.since(optimizer)),
    });
    optimizer.update();
  }

  /** Gives credits anew that came back, as in a pause, or with a host that is gone; and lets a new host begin where that was. */
  #grant(): void {
    if (!this.#conductor.isFeeding && !this.#books.reevaluation.isUnderWay) return;
    for (const optimizer of this.#books.roster.working()) {
      const member = this.#members.get(optimizer.id);
      if (!member || member.arrived >= member.granted) continue;
      if (optimizer.round === this.#number) {
        if (this.#top(optimizer, member)) optimizer.update();
      } else this.#start(optimizer);
    }
  }

  /** @returns whether it got any */
  #top(optimizer: LiveOptimizer, { granted, arrived }: Member): boolean {
    const { credits } = this.#books;
    const missing = granted - arrived - credits.outstandingOf(optimizer.id);
    if (missing <= 0) return false;
    optimizer.grant(credits.grant(optimizer.id, missing));
    return true;
  }
}

/** Nothing without a cache. */
function knownTo(known: KnownRows | undefined): { readonly known?: KnownRows } {
  return known ? { known } : {};
}
