import { AsyncSubject, BehaviorSubject, lastValueFrom, type Observable } from 'rxjs';
import type { HostExit } from '../backends/hosts/contract.ts';
import { type HostBatch, type HostMessage, PROTOCOL_VERSION } from '../backends/protocol.ts';
import type { RunSoFar } from '../conditions/past-optimizer.ts';
import type { OptimizerUse, RunConfig } from '../config/run-config.ts';
import { isOptimizerId, type Outcome } from '../control/protocol.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { Space } from '../space/space.ts';
import { Chronicle } from './chronicle.ts';
import { CreditLedger } from './credits.ts';
import { Departures } from './departures.ts';
import type { ManagerEvent } from './events.ts';
import { distanceOf } from './geometry.ts';
import { grantCredits } from './granting.ts';
import { Hunt } from './hunting.ts';
import { type Migration, migrationsOf } from './migration.ts';
import { Minima } from './minima.ts';
import { takeIn } from './intake.ts';
import { launch } from './launching.ts';
import type { EndWish, LiveOptimizer } from './live-optimizer.ts';
import { RunRecord } from './record.ts';
import { Reevaluation } from './reevaluation.ts';
import { progressOf, resultOf } from './result.ts';
import { Roster } from './roster.ts';
import { Spawner } from './spawning.ts';
import { Stopping } from './stopping.ts';
import { Stopwatch } from './stopwatch.ts';
import { Utilisation } from './utilisation.ts';
import { watch } from './watchdog.ts';
import type { ManagerWorld } from './world.ts';

const TICK_MS = 100;
/** Of an optimizer that is none of the configuration's. */
const NO_TYPE = -1;
export type RunState = 'idle' | 'running' | 'stopping' | 'ended';

/** One run: starts, feeds, watches and ends optimizers. Decisions are made elsewhere; here they are put into effect. */
export class Run {
  readonly #config: RunConfig;
  readonly #world: ManagerWorld;
  readonly #state = new BehaviorSubject<RunState>('idle');
  readonly #result = new AsyncSubject<RunResult>();
  readonly #credits: CreditLedger;
  readonly #space: Space;
  readonly #record: RunRecord;
  readonly #roster: Roster;
  readonly #chronicle: Chronicle;
  readonly #spawner: Spawner;
  readonly #hunt: Hunt;
  readonly #migrations: readonly Migration[];
  readonly #departures: Departures;
  readonly #utilisation = new Utilisation();
  readonly #minima: Minima;
  readonly #reevaluation: Reevaluation;
  readonly #stopping: Stopping;
  readonly #watch: Stopwatch;
  #stopReason = '';
  /** A checker ended the run, and nobody else. */
  #hasReachedEnd = false;
  #endDeadline = Infinity;
  #failure: unknown;
  #cancelTick: () => void = () => {};

  constructor(config: RunConfig, world: ManagerWorld) {
    const { maxJobs } = config.manager;
    this.#config = config;
    this.#world = world;
    this.#watch = new Stopwatch(world.clock);
    this.#stopping = new Stopping(config);
    this.#space = new Space(config.parameters, config.constraints);
    const distance = distanceOf(this.#space, world.geometry);
    this.#minima = new Minima(this.#space, distance, config.manager.minimaTolerance);
    this.#hunt = new Hunt(config, distance);
    this.#migrations = migrationsOf(config);
    this.#reevaluation = new Reevaluation(config);
    const budget = this.#stopping.budget - this.#reevaluation.reserved;
    if (budget < 1)
      throw new CodedError(
        'usage',
        `manager.reevaluateBest (${this.#reevaluation.reserved}) leaves nothing of ${this.#stopping.budget} evaluations`,
      );
    this.#credits = new CreditLedger(budget);
    const { window } = this.#hunt;
    const columns = [...new Set([...window.columns, ...this.#stopping.columns])];
    this.#record = new RunRecord(this.#space, { ...window, columns });
    this.#roster = new Roster(maxJobs);
    this.#spawner = new Spawner(config, this.#space);
    this.#chronicle = new Chronicle(world.log, world.clock, () => this.#credits.counted);
    this.#departures = new Departures(
      world,
      this.#chronicle,
      this.#credits,
      this.#record,
      this.#roster,
      this.#utilisation,
      this.#minima,
    );
  }

  get events$(): Observable<ManagerEvent> {
    return this.#chronicle.events$;
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
        this.#chronicle.tell({
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
    if (this.#state.value === 'stopping' && this.#reevaluation.isUnderWay) this.#reevaluation.giveUp();
    else if (this.#state.value !== 'running') return 'already';
    this.#stopReason = reason;
    this.#endDeadline = this.#world.clock.elapsed() + 1000 * this.#config.manager.endTimeoutSeconds;
    this.#state.next('stopping');
    this.#guard(() => {
      this.#chronicle.tell({ kind: 'decision', type: 'stop', message: reason, data: { reason } });
    });
    const now = this.#world.clock.elapsed();
    for (const optimizer of this.#roster.all()) optimizer.finish('drain', stopped(reason), now);
    this.#endIfEmpty();
    return 'done';
  }

  /** Ends one optimizer as a hunt would; another takes its slots. */
  stopOptimizer(id: number, why: string): Outcome {
    if (!isOptimizerId(id) || id > this.#roster.started) return 'unknown';
    const optimizer = this.#roster.get(id);
    if (!optimizer || optimizer.wish || optimizer.phase === 'ended') return 'already';
    if (this.#state.value !== 'running') return 'not-running';
    const reason = `stopped by hand: ${why}`;
    this.#guard(() => {
      this.#chronicle.tell({
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
  pause(reason: string): Outcome {
    if (this.#state.value !== 'running') return 'not-running';
    if (this.#watch.isPaused) return 'already';
    this.#watch.pause();
    this.#guard(() => {
      this.#world.log.set({ paused: true });
      this.#chronicle.tell({ kind: 'decision', type: 'pause', message: reason, data: { reason } });
      for (const optimizer of this.#roster.working()) optimizer.revoke();
    });
    return 'done';
  }

  unpause(reason: string): Outcome {
    if (this.#state.value !== 'running') return 'not-running';
    if (!this.#watch.isPaused) return 'already';
    this.#watch.unpause();
    this.#guard(() => {
      this.#world.log.set({ paused: false });
      this.#chronicle.tell({ kind: 'decision', type: 'unpause', message: reason, data: { reason } });
      this.#feed();
    });
    return 'done';
  }

  /** Ends the run at once: what runs is lost, what is in the log stays. */
  kill(reason: string): void {
    this.stop(reason);
    for (const optimizer of this.#roster.all()) optimizer.terminate(stopped(reason));
  }

  /** Logs what happened around the run. */
  note(type: 'supervisor-lost' | 'control-unavailable' | 'intervention-ignored', message: string): void {
    this.#guard(() => {
      this.#chronicle.tell({ kind: 'operational', type, message, data: {} });
    });
  }

  progress(): RunProgress {
    return progressOf(
      this.#credits,
      this.#record,
      this.#roster,
      this.#utilisation.figures(this.#world.clock.elapsed()),
      this.#watch.seconds,
    );
  }

  /** Runs one step of the manager; what it throws is the manager's own failure, and ends the run. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** The first failure is the one that is reported. */
  #fail(thrown: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = thrown;
    const error = messageOf(thrown);
    try {
      this.#chronicle.tell({ kind: 'operational', type: 'run-failed', message: error, data: { error } });
    } catch {
      // The log itself is what failed; the cause reaches the caller of `start`.
    }
    this.stop(error);
    this.#endIfEmpty();
  }

  get #isFeeding(): boolean {
    return this.#state.value === 'running' && !this.#watch.isPaused;
  }

  #fill(): void {
    while (this.#isFeeding && this.#credits.grantable >= 1 && this.#roster.free >= 1) {
      const whyNot = this.#spawner.whyNot(this.#roster.started, this.#credits.counted);
      if (whyNot !== undefined) {
        if (this.#roster.size === 0) this.stop(`no optimizer is left, and no more are started: ${whyNot}`);
        return;
      }
      const next = this.#spawner.next(this.#roster.started + 1, () => this.#runSoFar());
      if (next.use.workers > this.#roster.free) return;
      const run = this.#runSoFar();
      this.#spawn(run.optimizerId, next.type, next.use, this.#spawner.startPoint(run));
    }
  }

  #runSoFar(): RunSoFar {
    const { incumbent, spread } = this.#record;
    const isFeasible = incumbent?.violation === 0;
    return {
      optimizerId: this.#roster.started + 1,
      evaluations: this.#credits.counted,
      budget: this.#credits.budget,
      optimizers: this.#record.past(),
      incumbent: isFeasible ? { fx: incumbent.fx, point: this.#space.toUnit(incumbent.x) } : undefined,
      spread,
    };
  }

  #spawn(id: number, type: number, use: OptimizerUse, start: Float64Array): void {
    const optimizer = launch(this.#config, this.#world, this.#chronicle, id, use, start, (live) => ({
      message: (message) => {
        this.#guard(() => {
          this.#receive(live, message);
        });
      },
      exit: (exit) => {
        this.#guard(() => {
          this.#exited(live, exit);
        });
      },
    }));
    this.#roster.add(optimizer);
    this.#utilisation.started(optimizer, this.#world.clock.elapsed());
    this.#credits.open(id);
    this.#record.open(id, use.name, type);
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
        this.#takeIn(optimizer, message.batch);
        break;
    }
  }

  #takeIn(optimizer: LiveOptimizer, batch: HostBatch): void {
    // A repeated batch, or one whose predecessor was lost and will be repeated: the host is told where we are.
    if (optimizer.phase === 'ended' || batch.sequence !== optimizer.acknowledged + 1) {
      optimizer.update();
      return;
    }
    const { id } = optimizer;
    const { rows } = batch;
    if (!this.#credits.covers(id, rows.count, batch.returned)) {
      const reason = `it sent ${rows.count} evaluations with ${this.#credits.outstandingOf(id)} credits`;
      optimizer.terminate({ status: 'crashed', reason });
      return;
    }
    const firstCallId = this.#credits.counted + 1;
    const { onFailure } = this.#config.manager;
    let failedRow: number | undefined;
    takeIn(this.#world.log, this.#record, id, batch, firstCallId, (callId, row, isIncumbent) => {
      if (isIncumbent) this.#tellIncumbent(id, callId);
      this.#reevaluation.add(id, rows.fx[row]!);
      if (onFailure.kind === 'abort' && Number.isNaN(rows.fx[row])) failedRow ??= row;
      if (this.#isFeeding)
        this.#guard(() => {
          this.#decideAt(callId);
        });
    });
    this.#credits.settle(id, rows.count, batch.returned);
    if (rows.count > 0) {
      this.#departures.noteSuccess();
      optimizer.measure(rows.count, this.#world.clock.elapsed());
      this.#utilisation.evaluated(optimizer, rows.durationMs, batch.idle);
    }
    optimizer.acknowledge(batch.sequence);
    // Whatever comes of it, the batch is in the log, and the host is told so.
    this.#guard(() => {
      if (batch.end) this.#departures.ended(optimizer, batch.end);
      if (failedRow !== undefined) {
        const note = rows.notes.find(({ row }) => row === failedRow);
        throw new CodedError(
          'task-failed',
          `evaluation ${firstCallId + failedRow} failed, and onFailure is abort: ${note?.error}`,
        );
      }
      this.#check();
    });
    this.#feed(optimizer);
  }

  /** What is due after a certain evaluation, whatever batch it came in. While the run is paused nobody is hunted. */
  #decideAt(callId: number): void {
    if (this.#hunt.isDue(callId))
      this.#hunt.at(callId, this.#world.clock.elapsed(), this.#roster, this.#record, this.#chronicle);
    for (const migration of this.#migrations)
      if (migration.isDue(callId)) migration.at(callId, this.#roster, this.#record, this.#chronicle);
  }

  #tellIncumbent(optimizerId: number, callId: number): void {
    const { fx, violation } = this.#record.incumbent!;
    const message = `${fx}${violation > 0 ? `, violation ${violation}` : ''}`;
    this.#chronicle.announce({
      kind: 'decision',
      type: 'incumbent',
      optimizerId,
      callId,
      message,
      data: { fx, violation },
    });
  }

  #check(): void {
    if (this.#state.value !== 'running') return;
    const { seconds } = this.#watch;
    // What is kept back for the end counts as spent.
    const spent = this.#credits.counted + this.#reevaluation.reserved;
    const reason = this.#stopping.reason(spent, this.#record, this.#roster, seconds);
    if (reason === undefined) return;
    this.#hasReachedEnd = true;
    this.stop(reason);
  }

  /** Fills free slots and grants credits; tells those who got some, and `also`. */
  #feed(also?: LiveOptimizer): void {
    this.#fill();
    const told = new Set(also ? [also] : []);
    if (this.#isFeeding || this.#reevaluation.isUnderWay)
      for (const optimizer of grantCredits(this.#roster.working(), this.#roster.size, this.#credits))
        told.add(optimizer);
    for (const optimizer of told) optimizer.update();
  }

  #exited(optimizer: LiveOptimizer, exit: HostExit): void {
    this.#guard(() => {
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
      for (const optimizer of this.#roster.all()) {
        const isOwing = optimizer.phase !== 'ended' && this.#credits.outstandingOf(optimizer.id) > 0;
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
      this.#reevaluation.isDue &&
      this.#hasReachedEnd &&
      this.#failure === undefined &&
      this.#record.incumbent?.violation === 0
    );
  }

  #reevaluate(): void {
    this.#guard(() => {
      this.#endDeadline = Infinity;
      this.#credits.raise(this.#reevaluation.reserved);
      const run = this.#runSoFar();
      const use = this.#reevaluation.begin(run.optimizerId);
      this.#spawn(run.optimizerId, NO_TYPE, use, run.incumbent!.point);
    });
  }

  #endIfEmpty(): void {
    if (this.#state.value !== 'stopping' || this.#roster.size > 0) return;
    if (this.#mayReevaluate) {
      this.#reevaluate();
      return;
    }
    this.#state.next('ended');
    this.#cancelTick();
    const { seed } = this.#config.manager;
    const names = this.#config.parameters.map(({ name }) => name);
    const reached = {
      stopReason: this.#stopReason,
      seed,
      names,
      runDir: this.#world.runDir,
      wallSeconds: this.#watch.seconds,
      noise: this.#reevaluation.figures(),
    };
    try {
      const evaluations = this.#credits.counted;
      this.#chronicle.tell({
        kind: 'operational',
        type: 'run-ended',
        message: `${evaluations} evaluations`,
        data: { evaluations },
      });
      this.#world.log.set({
        status: this.#failure === undefined ? 'finished' : 'failed',
        stopReason: this.#stopReason,
        endedAt: this.#world.clock.now(),
        overallSeconds: reached.wallSeconds,
        utilisation: this.#utilisation.figures(this.#world.clock.elapsed()) as unknown as Json,
        minima: this.#minima.list() as unknown as Json,
      });
    } catch (thrown) {
      this.#failure ??= thrown;
    }
    this.#chronicle.complete();
    this.#state.complete();
    if (this.#failure !== undefined) this.#result.error(this.#failure);
    else {
      this.#result.next(resultOf(this.#credits, this.#record, this.#roster, this.#minima, reached));
      this.#result.complete();
    }
  }
}

function stopped(reason: string): EndWish {
  return { status: 'stopped', reason };
}
