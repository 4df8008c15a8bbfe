import type { Observable } from 'rxjs';
import { plugIn } from '../config/plugins.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Outcome } from '../control/protocol.ts';
import { CodedError } from '../core/errors.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { withLog } from '../log/unusable.ts';
import { Space } from '../space/space.ts';
import { logBeginning, readBeginning } from './beginning.ts';
import { type Books, openBooks } from './books.ts';
import { Checkpoints } from './checkpoints.ts';
import { Decisions } from './decisions.ts';
import { Departures } from './departures.ts';
import type { ClusterFacts, ManagerEvent, Notice } from './events.ts';
import { FreePace } from './free-pace.ts';
import { type Distance, distanceOf } from './geometry.ts';
import { Heartbeat } from './heartbeat.ts';
import { Hunt } from './hunting.ts';
import { Lifecycle, type RunState } from './lifecycle.ts';
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

/** One run: starts, feeds, watches and ends optimizers. Decisions are made elsewhere; here they are put into effect. */
export class Run implements Conductor {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #resumption: Resumption | undefined;
  readonly #books: Books;
  readonly #distance: Distance;
  readonly #departures: Departures;
  readonly #recruiting: Recruiting;
  readonly #stopping: Stopping;
  readonly #watch: Stopwatch;
  readonly #pace: Pace;
  readonly #steering: Steering;
  readonly #checkpoints: Checkpoints;
  readonly #life: Lifecycle;
  readonly #heartbeat: Heartbeat;

  /** @param resumption how to go on with the run that is in the log; a new one begins when not given */
  constructor(config: RunConfig, world: ManagerWorld, resumption?: Resumption) {
    this.#config = config;
    this.#world = world;
    this.#resumption = resumption;
    // All its components but those of its hosts are made here.
    plugIn(config.plugins);
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
    const { ending } = (this.#life = new Lifecycle(config, world, this.#books, {
      conductor: this,
      departures: this.#departures,
      recruiting: this.#recruiting,
      pace: this.#pace,
      checkpoints: this.#checkpoints,
      watch: this.#watch,
      onEnded: () => {
        this.#heartbeat.stop();
      },
    }));
    const shared = {
      conductor: this,
      checkpoints: this.#checkpoints,
      ending,
      isRunning: () => this.#life.isRunning,
    };
    const reception = new Reception(config, world, this.#books, {
      ...shared,
      pace: this.#pace,
      recruiting: this.#recruiting,
      left: () => {
        this.#life.endIfEmpty();
      },
    });
    this.#heartbeat = new Heartbeat(config, world, this.#books, {
      ...shared,
      stopping: this.#stopping,
      watch: this.#watch,
      letGo: () => {
        this.#life.letGo();
      },
    });
  }

  get events$(): Observable<ManagerEvent> {
    return this.#books.chronicle.events$;
  }

  get state$(): Observable<RunState> {
    return this.#life.state$;
  }

  /** Runs to the end. A second call waits for the same end. */
  start(): Promise<RunResult> {
    if (this.#life.begin()) {
      this.#watch.start();
      this.guard(() => {
        // It may have been killed before it began.
        if (this.#resumption && this.#hasBegun) this.#goOn(this.#resumption);
        else this.#begin();
        this.#checkpoints.start(this.#resumption !== undefined);
        if (!this.#life.hasEnded) this.#pace.feed();
      });
      this.#heartbeat.beat();
    }
    return this.#life.result();
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
    this.#life.finishAgain(recovered.endingReason);
  }

  /** Ends the run: nothing more is started, what runs may finish for `endTimeoutSeconds`. */
  stop(reason: string): Outcome {
    return this.#life.stop(reason);
  }

  /**
   * Ends this session, and not the run: its optimizers go on when it is resumed. What runs may finish for `endTimeoutSeconds`; what has
   * not by then is evaluated again.
   */
  suspend(reason: string): Outcome {
    return this.#life.suspend(reason);
  }

  /** Ends one optimizer as a hunt would; another takes its slots. */
  stopOptimizer(id: number, why: string): Outcome {
    return this.#steering.stopOptimizer(id, why, this.#life.isRunning);
  }

  pause(reason: string, by: Pauser = 'hand'): Outcome {
    return this.#life.isRunning ? this.#steering.pause(reason, by) : 'not-running';
  }

  unpause(reason: string, by: Pauser = 'hand'): Outcome {
    return this.#life.isRunning ? this.#steering.unpause(reason, by) : 'not-running';
  }

  /**
   * Makes a checkpoint.
   *
   * @returns its name, when it is in the log
   * @throws {CodedError} `usage` when the name is taken; `run-directory` when the run is ending
   */
  async checkpoint(name?: string): Promise<string> {
    if (!this.#life.isRunning) throw new CodedError('run-directory', 'the run is coming to its end already');
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#checkpoints.request(name, 'request', resolve);
    return await promise;
  }

  /** Ends the run at once: what runs is lost, what is in the log stays. */
  kill(reason: string): void {
    this.#life.kill(reason);
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
      this.#life.fail(thrown);
    }
  }

  get isFeeding(): boolean {
    return this.#life.isRunning && !this.#watch.isPaused;
  }

  get isExpecting(): boolean {
    return this.#recruiting.parked.length > 0;
  }

  get isHolding(): boolean {
    return this.#life.ending.isSuspension || (this.#life.isRunning && this.#watch.isPaused);
  }

  fill(): void {
    const exhausted = this.#recruiting.fill(() => this.isFeeding);
    if (exhausted !== undefined) this.#life.finish(exhausted);
  }

  check(): void {
    if (!this.#life.isRunning) return;
    // What is kept back for the end counts as spent.
    const spent = this.#books.credits.counted + this.#books.reevaluation.reserved;
    const reason = this.#stopping.reason(spent, this.#books.record, this.#books.roster, this.#watch.spent);
    if (reason !== undefined) this.#life.finish(reason);
  }

  settled(): void {
    this.#checkpoints.look();
    if (this.#life.ending.isSuspension) this.#life.letGo();
  }
}
