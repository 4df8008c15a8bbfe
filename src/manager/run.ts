import { AsyncSubject, BehaviorSubject, lastValueFrom, type Observable } from 'rxjs';
import type { RunConfig } from '../config/run-config.ts';
import type { Outcome } from '../control/protocol.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { withLog } from '../log/unusable.ts';
import { Space } from '../space/space.ts';
import { logBeginning, readBeginning } from './beginning.ts';
import { type Books, openBooks } from './books.ts';
import { Checkpoints } from './checkpoints.ts';
import { Decisions } from './decisions.ts';
import { Departures } from './departures.ts';
import { conclude, Ending, tellFailure } from './ending.ts';
import type { ClusterFacts, ManagerEvent, Notice } from './events.ts';
import { FreePace } from './free-pace.ts';
import { type Distance, distanceOf } from './geometry.ts';
import { Heartbeat } from './heartbeat.ts';
import { Hunt } from './hunting.ts';
import type { Conductor, Pace } from './pace.ts';
import { Reception } from './reception.ts';
import { Recruiting } from './recruiting.ts';
import { Recovery } from './recovery.ts';
import { progressOf } from './result.ts';
import { type Resumption, takeUp } from './resuming.ts';
import { Rounds } from './rounds.ts';
import { Steering } from './steering.ts';
import { Stopping } from './stopping.ts';
import { type Pauser, Stopwatch } from './stopwatch.ts';
import type { ManagerWorld } from './world.ts';

export type RunState = 'idle' | 'running' | 'stopping' | 'ended';

/** One run: starts, feeds, watches and ends optimizers. Decisions are made elsewhere; here they are put into effect. */
export class Run implements Conductor {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #resumption: Resumption | undefined;
  readonly #state = new BehaviorSubject<RunState>('idle');
  readonly #result = new AsyncSubject<RunResult>();
  readonly #books: Books;
  readonly #distance: Distance;
  readonly #departures: Departures;
  readonly #recruiting: Recruiting;
  readonly #stopping: Stopping;
  readonly #watch: Stopwatch;
  readonly #pace: Pace;
  readonly #steering: Steering;
  readonly #checkpoints: Checkpoints;
  readonly #ending = new Ending();
  readonly #heartbeat: Heartbeat;

  /** @param resumption how to go on with the run that is in the log; a new one begins when not given */
  constructor(config: RunConfig, world: ManagerWorld, resumption?: Resumption) {
    this.#config = config;
    this.#world = world;
    this.#resumption = resumption;
    this.#watch = new Stopwatch(world.clock, resumption?.secondsBefore);
    this.#stopping = new Stopping(config);
    const space = new Space(config.parameters, config.constraints);
    this.#distance = distanceOf(space, world.geometry);
    const hunt = new Hunt(config, this.#distance);
    const columns = [...new Set([...hunt.window.columns, ...this.#stopping.columns])];
    const window = { ...hunt.window, columns };
    this.#books = openBooks(config, world, space, this.#distance, window, this.#stopping.budget);
    this.#departures = new Departures(world, this.#books);
    const decisions = new Decisions(config, this.#books, world.clock, hunt);
    this.#recruiting = new Recruiting(config, world, this.#books, (optimizer) => ({
      message: (message) => {
        this.guard(() => {
          reception.receive(optimizer, message);
        });
      },
      exit: (exit) => {
        this.guard(() => {
          reception.exited(optimizer, exit);
        });
      },
    }));
    this.#pace = config.manager.reproducible
      ? new Rounds(config, world, this.#books, this.#departures, decisions, this)
      : new FreePace(config, world, this.#books, this.#departures, decisions, this);
    this.#steering = new Steering(config, world, this.#books, this.#watch, this, this.#pace);
    this.#checkpoints = new Checkpoints(config, world, this.#books);
    const shared = {
      conductor: this,
      checkpoints: this.#checkpoints,
      ending: this.#ending,
      isRunning: () => this.#state.value === 'running',
    };
    const reception = new Reception(config, world, this.#books, {
      ...shared,
      pace: this.#pace,
      recruiting: this.#recruiting,
      left: () => {
        this.#endIfEmpty();
      },
    });
    this.#heartbeat = new Heartbeat(config, world, this.#books, {
      ...shared,
      stopping: this.#stopping,
      watch: this.#watch,
      letGo: () => {
        this.#letGo();
      },
    });
  }

  get events$(): Observable<ManagerEvent> {
    return this.#books.chronicle.events$;
  }

  get state$(): Observable<RunState> {
    return this.#state.asObservable();
  }

  /** Runs to the end. A second call waits for the same end. */
  start(): Promise<RunResult> {
    if (this.#state.value === 'idle') {
      this.#state.next('running');
      this.#watch.start();
      this.guard(() => {
        // It may have been killed before it began.
        if (this.#resumption && this.#hasBegun) this.#goOn(this.#resumption);
        else this.#begin();
        this.#checkpoints.start(this.#resumption !== undefined);
        if (this.#state.value !== 'ended') this.#pace.feed();
      });
      this.#heartbeat.beat();
    }
    return lastValueFrom(this.#result);
  }

  #begin(): void {
    if (this.#resumption) this.#world.log.set(this.#resumption.identity);
    logBeginning(this.#config, this.#world, this.#books, this.#distance);
    // What it starts with may be all that it was to find.
    if (readBeginning(this.#world, this.#books)) this.check();
  }

  get #hasBegun(): boolean {
    return this.#config.warmStart === undefined || 'warmStart' in this.#world.log.facts();
  }

  #goOn(resumption: Resumption): void {
    const isChanged = resumption.changes.length > 0;
    // Pages that are whole may still hold nonsense.
    const recovered = withLog(this.#world.runDir, () =>
      new Recovery(this.#config, this.#books, this.#stopping, this.#world.log).run(isChanged),
    );
    if (recovered.isPaused) this.#watch.pause('hand');
    this.#pace.restore(recovered);
    takeUp(this.#world, this.#books, this.#departures, this.#recruiting, recovered, resumption);
    if (recovered.endingReason === undefined) {
      this.#books.reevaluation.beginAnew(this.#books.credits);
      if (!recovered.isPaused) this.check();
      return;
    }
    // It was at its end already.
    this.#ending.isOwn = true;
    this.#startEnding(recovered.endingReason);
    // What is left of it has all the time it takes.
    this.#ending.deadline = Infinity;
    this.#recruiting.reviveParked(() => true);
    this.#endIfEmpty();
  }

  /** Ends the run: nothing more is started, what runs may finish for `endTimeoutSeconds`. */
  stop(reason: string): Outcome {
    if (this.#state.value !== 'running' && !this.#giveUpReevaluation()) return 'already';
    this.#startEnding(reason);
    this.guard(() => {
      this.#world.log.atomically(() => {
        const by = this.#ending.hasFailed ? 'failure' : this.#ending.isOwn ? 'itself' : 'hand';
        this.#books.chronicle.tell({ kind: 'decision', type: 'stop', message: reason, data: { reason, by } });
        this.#pace.end(reason);
        for (const { id, use } of this.#recruiting.giveUpParked())
          this.#departures.close(id, use.name, { status: 'stopped', reason });
      });
      // What stood still in a pause comes to its end.
      this.#pace.feed();
    });
    this.#endIfEmpty();
    return 'done';
  }

  #startEnding(reason: string): void {
    this.#ending.reason = reason;
    this.#ending.deadline = this.#world.clock.elapsed() + 1000 * this.#config.manager.endTimeoutSeconds;
    this.#state.next('stopping');
  }

  #endItself(reason: string): void {
    this.#ending.isOwn = true;
    this.stop(reason);
  }

  /**
   * Ends this session, and not the run: its optimizers go on when it is resumed. What runs may finish for `endTimeoutSeconds`; what has
   * not by then is evaluated again.
   */
  suspend(reason: string): Outcome {
    if (this.#state.value !== 'running') return 'already';
    this.#ending.isSuspension = true;
    this.#startEnding(reason);
    this.guard(() => {
      this.#books.chronicle.tell({
        kind: 'operational',
        type: 'suspended',
        message: reason,
        data: { reason },
      });
      for (const optimizer of this.#books.roster.all()) {
        optimizer.revoke();
        // In the middle of a round there is none to be had: it goes on from the one before.
        if (optimizer.isWorking && !this.#config.manager.reproducible) optimizer.save();
      }
      this.#letGo();
    });
    this.#endIfEmpty();
    return 'done';
  }

  /** Ends the hosts of a run that is being suspended as they have nothing more to do. */
  #letGo(): void {
    const { roster, credits } = this.#books;
    const isLate = this.#world.clock.elapsed() >= this.#ending.deadline;
    for (const optimizer of roster.all()) {
      // It went in the middle of a round.
      if (optimizer.isGone) roster.remove(optimizer.id);
      const isSaving = optimizer.isSaving && !this.#config.manager.reproducible;
      const isBusy = optimizer.isWorking && (credits.outstandingOf(optimizer.id) > 0 || isSaving);
      if (isLate || !isBusy) optimizer.terminate();
    }
  }

  /** A run that is ending may still have that before it. @returns whether there is something to be stopped */
  #giveUpReevaluation(): boolean {
    const { reevaluation } = this.#books;
    if (this.#state.value !== 'stopping' || !reevaluation.isDue) return false;
    reevaluation.giveUp();
    return reevaluation.isUnderWay;
  }

  /** Ends one optimizer as a hunt would; another takes its slots. */
  stopOptimizer(id: number, why: string): Outcome {
    return this.#steering.stopOptimizer(id, why, this.#state.value === 'running');
  }

  pause(reason: string, by: Pauser = 'hand'): Outcome {
    return this.#state.value === 'running' ? this.#steering.pause(reason, by) : 'not-running';
  }

  unpause(reason: string, by: Pauser = 'hand'): Outcome {
    return this.#state.value === 'running' ? this.#steering.unpause(reason, by) : 'not-running';
  }

  /**
   * Makes a checkpoint.
   *
   * @returns its name, when it is in the log
   * @throws {CodedError} `usage` when the name is taken; `run-directory` when the run is ending
   */
  async checkpoint(name?: string): Promise<string> {
    if (this.#state.value !== 'running')
      throw new CodedError('run-directory', 'the run is coming to its end already');
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#checkpoints.request(name, 'request', resolve);
    return await promise;
  }

  /** Ends the run at once: what runs is lost, what is in the log stays. */
  kill(reason: string): void {
    if (this.#ending.isSuspension) this.#ending.deadline = 0;
    else this.stop(reason);
    const wish = this.#ending.isSuspension ? undefined : ({ status: 'stopped', reason } as const);
    for (const optimizer of this.#books.roster.all()) optimizer.terminate(wish);
  }

  /** There is room for more parallel work, or for less. */
  resize(slots: number): void {
    // In a reproducible run it would decide who starts when.
    if (this.#config.manager.reproducible) return;
    this.guard(() => {
      this.#books.roster.resize(slots);
      this.#books.utilisation.resized(slots, this.#world.clock.elapsed());
      this.#pace.feed();
    });
  }

  /** Logs what happened among the machines that evaluate. */
  tellCluster(message: string, data: ClusterFacts): void {
    this.guard(() => {
      this.#books.chronicle.tell({ kind: 'operational', type: 'cluster', message, data });
    });
  }

  /** Logs what happened around the run. */
  note(type: Notice, message: string): void {
    this.guard(() => {
      this.#books.chronicle.tell({ kind: 'operational', type, message, data: {} });
    });
  }

  progress(): Omit<RunProgress, 'resources' | 'cluster'> {
    const { spent, isPaused } = this.#watch;
    return progressOf(this.#books, this.#world.clock.elapsed(), {
      elapsedSeconds: spent.overall,
      secondsLeft: this.#stopping.secondsLeft(spent),
      isPaused,
    });
  }

  /** Runs one step of the manager; what it throws is the manager's own failure, and ends the run. */
  guard(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    if (!this.#ending.fail(thrown)) return;
    tellFailure(this.#books, thrown);
    // What is still being evaluated could not be kept.
    if (thrown instanceof CodedError && thrown.code === 'log-not-written') this.kill(thrown.message);
    else this.stop(messageOf(thrown));
    this.#endIfEmpty();
  }

  get isFeeding(): boolean {
    return this.#state.value === 'running' && !this.#watch.isPaused;
  }

  get isExpecting(): boolean {
    return this.#recruiting.parked.length > 0;
  }

  get isHolding(): boolean {
    return this.#ending.isSuspension || (this.#state.value === 'running' && this.#watch.isPaused);
  }

  fill(): void {
    const exhausted = this.#recruiting.fill(() => this.isFeeding);
    if (exhausted !== undefined) this.#endItself(exhausted);
  }

  check(): void {
    if (this.#state.value !== 'running') return;
    // What is kept back for the end counts as spent.
    const spent = this.#books.credits.counted + this.#books.reevaluation.reserved;
    const reason = this.#stopping.reason(spent, this.#books.record, this.#books.roster, this.#watch.spent);
    if (reason !== undefined) this.#endItself(reason);
  }

  settled(): void {
    this.#checkpoints.look();
    if (this.#ending.isSuspension) this.#letGo();
  }

  /** Only a run that came to its own end goes on to that. */
  get #mayReevaluate(): boolean {
    const { isOwn, hasFailed, isSuspension } = this.#ending;
    const { reevaluation, record } = this.#books;
    return reevaluation.isDue && isOwn && !hasFailed && !isSuspension && record.incumbent?.violation === 0;
  }

  #endIfEmpty(): void {
    if (this.#state.value !== 'stopping' || this.#books.roster.size > 0) return;
    if (this.#mayReevaluate) {
      this.guard(() => {
        this.#ending.deadline = Infinity;
        this.#recruiting.reevaluate();
      });
      return;
    }
    this.#state.next('ended');
    this.#heartbeat.stop();
    this.guard(() => {
      if (!this.#ending.hasFailed) this.#checkpoints.end(this.#ending.isSuspension ? 'job-limit' : 'end');
    });
    const result = conclude(this.#config, this.#world, this.#books, this.#ending, this.#watch);
    this.#books.chronicle.complete();
    this.#state.complete();
    if (this.#ending.hasFailed) this.#result.error(this.#ending.failure);
    else {
      this.#result.next(result);
      this.#result.complete();
    }
  }
}
