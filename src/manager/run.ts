import { AsyncSubject, BehaviorSubject, lastValueFrom, type Observable } from 'rxjs';
import type { HostExit } from '../backends/hosts/contract.ts';
import { type HostMessage, PROTOCOL_VERSION } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import { isOptimizerId, type Outcome } from '../control/protocol.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { Space } from '../space/space.ts';
import { type Books, openBooks } from './books.ts';
import { Departures } from './departures.ts';
import type { ManagerEvent, Notice } from './events.ts';
import { distanceOf } from './geometry.ts';
import { grantCredits } from './granting.ts';
import { Hunt } from './hunting.ts';
import { Intake } from './intake.ts';
import type { EndWish, LiveOptimizer } from './live-optimizer.ts';
import { Recruiting } from './recruiting.ts';
import { logEnd, progressOf, resultOf } from './result.ts';
import { Stopping } from './stopping.ts';
import { type Pauser, Stopwatch } from './stopwatch.ts';
import { watch } from './watchdog.ts';
import type { ManagerWorld } from './world.ts';

const TICK_MS = 100;
export type RunState = 'idle' | 'running' | 'stopping' | 'ended';

/** One run: starts, feeds, watches and ends optimizers. Decisions are made elsewhere; here they are put into effect. */
export class Run {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #state = new BehaviorSubject<RunState>('idle');
  readonly #result = new AsyncSubject<RunResult>();
  readonly #books: Books;
  readonly #departures: Departures;
  readonly #intake: Intake;
  readonly #recruiting: Recruiting;
  readonly #stopping: Stopping;
  readonly #watch: Stopwatch;
  #stopReason = '';
  /** The run ended by itself, and by nobody's hand. */
  #hasReachedEnd = false;
  #endDeadline = Infinity;
  #failure: unknown;
  #cancelTick: () => void = () => {};

  constructor(config: RunConfig, world: ManagerWorld) {
    this.#config = config;
    this.#world = world;
    this.#watch = new Stopwatch(world.clock);
    this.#stopping = new Stopping(config);
    const space = new Space(config.parameters, config.constraints);
    const distance = distanceOf(space, world.geometry);
    const hunt = new Hunt(config, distance);
    const columns = [...new Set([...hunt.window.columns, ...this.#stopping.columns])];
    const window = { ...hunt.window, columns };
    this.#books = openBooks(config, world, space, distance, window, this.#stopping.budget);
    this.#departures = new Departures(world, this.#books);
    this.#intake = new Intake(config, world, this.#books, this.#departures, hunt);
    this.#recruiting = new Recruiting(config, world, this.#books, (optimizer) => ({
      message: (message) => {
        this.#guard(() => {
          this.#receive(optimizer, message);
        });
      },
      exit: (exit) => {
        this.#guard(() => {
          this.#exited(optimizer, exit);
        });
      },
    }));
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
      this.#guard(() => {
        const { seed } = this.#config.manager;
        this.#books.chronicle.tell({
          kind: 'decision',
          type: 'run-started',
          message: `seed ${seed}`,
          data: { seed },
        });
        this.#fill();
      });
      this.#tick();
    }
    return lastValueFrom(this.#result);
  }

  /** Ends the run: nothing more is started, what runs may finish for `endTimeoutSeconds`. */
  stop(reason: string): Outcome {
    if (this.#state.value !== 'running' && !this.#giveUpReevaluation()) return 'already';
    this.#stopReason = reason;
    this.#endDeadline = this.#world.clock.elapsed() + 1000 * this.#config.manager.endTimeoutSeconds;
    this.#state.next('stopping');
    this.#guard(() => {
      this.#books.chronicle.tell({ kind: 'decision', type: 'stop', message: reason, data: { reason } });
    });
    const now = this.#world.clock.elapsed();
    for (const optimizer of this.#books.roster.all()) optimizer.finish('drain', stopped(reason), now);
    this.#endIfEmpty();
    return 'done';
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
    if (!isOptimizerId(id) || id > this.#books.roster.started) return 'unknown';
    const optimizer = this.#books.roster.get(id);
    if (!optimizer || optimizer.wish || optimizer.phase === 'ended') return 'already';
    if (this.#state.value !== 'running') return 'not-running';
    const reason = `stopped by hand: ${why}`;
    this.#guard(() => {
      this.#books.chronicle.tell({
        kind: 'decision',
        type: 'stop-optimizer',
        optimizerId: id,
        message: `optimizer ${id} ${reason}`,
        data: { reason },
      });
      // One that is still starting has nothing to finish, and its task may never load.
      const isAtOnce = this.#config.manager.aggressiveKill || optimizer.phase === 'starting';
      optimizer.finish(isAtOnce ? 'cancel' : 'drain', stopped(reason), this.#world.clock.elapsed());
    });
    return 'done';
  }

  /** Starts nothing more until `unpause`: credits not in use come back, what runs may finish. Time stands still for checkers. */
  pause(reason: string, by: Pauser = 'hand'): Outcome {
    if (this.#state.value !== 'running') return 'not-running';
    if (!this.#watch.pause(by)) return 'already';
    this.#guard(() => {
      this.#world.log.set({ paused: true, pauseReason: reason });
      this.#books.chronicle.tell({ kind: 'decision', type: 'pause', message: reason, data: { reason } });
      for (const optimizer of this.#books.roster.working()) optimizer.revoke();
    });
    return 'done';
  }

  unpause(reason: string, by: Pauser = 'hand'): Outcome {
    if (this.#state.value !== 'running') return 'not-running';
    if (!this.#watch.unpause(by)) return 'already';
    this.#guard(() => {
      this.#world.log.set({ paused: false });
      this.#books.chronicle.tell({ kind: 'decision', type: 'unpause', message: reason, data: { reason } });
      this.#feed();
    });
    return 'done';
  }

  /** Ends the run at once: what runs is lost, what is in the log stays. */
  kill(reason: string): void {
    this.stop(reason);
    for (const optimizer of this.#books.roster.all()) optimizer.terminate(stopped(reason));
  }

  /** Logs what happened around the run. */
  note(type: Notice, message: string): void {
    this.#guard(() => {
      this.#books.chronicle.tell({ kind: 'operational', type, message, data: {} });
    });
  }

  progress(): Omit<RunProgress, 'resources'> {
    return progressOf(this.#books, this.#world.clock.elapsed(), this.#watch.seconds);
  }

  /** Runs one step of the manager; what it throws is the manager's own failure, and ends the run. */
  readonly #guard = (step: () => void): void => {
    try {
      step();
    } catch (thrown) {
      this.#fail(thrown);
    }
  };

  /** The first failure is the one that is reported. */
  #fail(thrown: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = thrown;
    const error = messageOf(thrown);
    try {
      this.#books.chronicle.tell({
        kind: 'operational',
        type: 'run-failed',
        message: error,
        data: { error },
      });
    } catch {
      // The log itself is what failed; the cause reaches the caller of `start`.
    }
    // What is still being evaluated could not be kept.
    if (thrown instanceof CodedError && thrown.code === 'log-not-written') this.kill(error);
    else this.stop(error);
    this.#endIfEmpty();
  }

  get #isFeeding(): boolean {
    return this.#state.value === 'running' && !this.#watch.isPaused;
  }

  #fill(): void {
    const exhausted = this.#recruiting.fill(() => this.#isFeeding);
    if (exhausted === undefined) return;
    this.#hasReachedEnd = true;
    this.stop(exhausted);
  }

  #receive(optimizer: LiveOptimizer, message: HostMessage): void {
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
        optimizer.batchSize = message.batchSize;
        if (optimizer.phase === 'starting') optimizer.phase = 'ready';
        optimizer.readyAt ??= this.#world.clock.elapsed();
        this.#feed();
        break;
      case 'batch':
        if (!this.#intake.take(optimizer, message.batch, () => this.#isFeeding, this.#guard)) break;
        this.#guard(() => {
          this.#check();
        });
        this.#feed(optimizer);
        break;
    }
  }

  #check(): void {
    if (this.#state.value !== 'running') return;
    const { seconds } = this.#watch;
    // What is kept back for the end counts as spent.
    const spent = this.#books.credits.counted + this.#books.reevaluation.reserved;
    const reason = this.#stopping.reason(spent, this.#books.record, this.#books.roster, seconds);
    if (reason === undefined) return;
    this.#hasReachedEnd = true;
    this.stop(reason);
  }

  /** Fills free slots and grants credits; tells those who got some, and `also`. */
  #feed(also?: LiveOptimizer): void {
    this.#fill();
    const told = new Set(also ? [also] : []);
    if (this.#isFeeding || this.#books.reevaluation.isUnderWay)
      for (const optimizer of grantCredits(
        this.#books.roster.working(),
        this.#books.roster.size,
        this.#books.credits,
      ))
        told.add(optimizer);
    for (const optimizer of told) optimizer.update();
  }

  #exited(optimizer: LiveOptimizer, exit: HostExit): void {
    this.#guard(() => {
      const cause = exit.error ? `${exit.cause}: ${exit.error.message}` : exit.cause;
      if (this.#state.value !== 'running' || !this.#recruiting.rebuild(optimizer, cause))
        this.#departures.exited(optimizer, exit);
    });
    this.#feed();
    this.#endIfEmpty();
  }

  /** What time alone brings about. */
  #tick(): void {
    this.#guard(() => {
      if (this.#stopping.isTimed) this.#check();
      const now = this.#world.clock.elapsed();
      const { forceTerminationsAfterSeconds: force = Infinity } = this.#config.manager;
      const limits = { endDeadline: this.#endDeadline, stopReason: this.#stopReason, silentMs: 1000 * force };
      for (const optimizer of this.#books.roster.all()) {
        const isOwing = optimizer.phase !== 'ended' && this.#books.credits.outstandingOf(optimizer.id) > 0;
        watch(optimizer, isOwing, now, limits);
      }
    });
    if (this.#state.value !== 'ended')
      this.#cancelTick = this.#world.clock.after(TICK_MS, () => {
        this.#tick();
      });
  }

  /** Only a run that came to its own end goes on to that. */
  get #mayReevaluate(): boolean {
    return (
      this.#books.reevaluation.isDue &&
      this.#hasReachedEnd &&
      this.#failure === undefined &&
      this.#books.record.incumbent?.violation === 0
    );
  }

  #endIfEmpty(): void {
    if (this.#state.value !== 'stopping' || this.#books.roster.size > 0) return;
    if (this.#mayReevaluate) {
      this.#guard(() => {
        this.#endDeadline = Infinity;
        this.#recruiting.reevaluate();
      });
      return;
    }
    this.#state.next('ended');
    this.#cancelTick();
    const stopReason = this.#stopReason;
    try {
      const status = this.#failure === undefined ? 'finished' : 'failed';
      logEnd(this.#world, this.#books, { status, stopReason, overallSeconds: this.#watch.seconds });
    } catch (thrown) {
      this.#failure ??= thrown;
    }
    this.#books.chronicle.complete();
    this.#state.complete();
    if (this.#failure !== undefined) this.#result.error(this.#failure);
    else {
      const { runDir } = this.#world;
      const wallSeconds = this.#watch.seconds;
      this.#result.next(resultOf(this.#config, this.#books, { stopReason, runDir, wallSeconds }));
      this.#result.complete();
    }
  }
}

function stopped(reason: string): EndWish {
  return { status: 'stopped', reason };
}
