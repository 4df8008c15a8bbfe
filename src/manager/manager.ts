import path from 'node:path';
import { BehaviorSubject, EMPTY, filter, firstValueFrom, type Observable, of, switchMap } from 'rxjs';
import { geometryOf } from '../backends/task-thread.ts';
import { ResourceMeter } from '../backends/sweep.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toYaml } from '../config/write.ts';
import type { Outcome } from '../control/protocol.ts';
import { refuseBundled } from '../core/bundled.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError, joined, messageOf } from '../core/errors.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import type { ManagerEvent } from './events.ts';
import { openControl, watchFiles } from './interventions.ts';
import { openElsewhere } from './elsewhere.ts';
import { type EngineOptions, usesCluster, withCluster, withoutCluster } from './engine-options.ts';
import { careForLog } from './log-care.ts';
import { checkTimeLimit, type GloMPOManagerOptions, type GloMPOResumeOptions } from './manager-options.ts';
import { Messages } from './messages.ts';
import type { Cluster } from './cluster.ts';
import { isMismatch } from './mismatch.ts';
import { openHosts, openLog } from './real-world.ts';
import type { RunState } from './lifecycle.ts';
import { Run } from './run.ts';
import type { Resumption } from './resuming.ts';
import { writeConfigCopy } from './run-directory.ts';
import { failureOf } from './session-facts.ts';
import { FirstSession, LaterSession, type Session } from './sessions.ts';
import { Standing } from './standing.ts';
import { Vitals } from './vitals.ts';
import type { ManagerWorld } from './world.ts';

/** A run that is to go on. It has no members that one could write among the options of a new one. */
class ResumedRun {
  readonly #directory: string;
  readonly #options: GloMPOResumeOptions;

  constructor(directory: string, options: GloMPOResumeOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  static read(run: ResumedRun): { readonly directory: string; readonly given: GloMPOResumeOptions } {
    return { directory: run.#directory, given: run.#options };
  }
}

/**
 * One run in one directory, from its start to its end.
 *
 * @example
 * await using manager = new GloMPOManager({ task: { benchmark: 'ackley', dimension: 5 }, stop: { 'max-seconds': 10 } });
 * manager.events$.subscribe((event) => console.log(event.type, event.message));
 * const { fx, x } = await manager.start();
 * @example
 * await using manager = new GloMPOManager({ config: 'demo.yaml', dir: 'runs/demo' });
 */
export class GloMPOManager implements AsyncDisposable {
  readonly runDir: string;
  readonly #session: Session;
  readonly #ownsProcess: boolean;
  readonly #timeLimitSeconds: number | undefined;
  readonly #engine: EngineOptions | undefined;
  readonly #messages: Messages;
  #config: RunConfig | undefined;
  readonly #run = new BehaviorSubject<Run | undefined>(undefined);
  #vitals: Vitals | undefined;
  #cluster: Cluster | undefined;
  #result: Promise<RunResult> | undefined;
  #wasStopped: string | undefined;
  #wasSuspended: string | undefined;

  constructor(options: GloMPOManagerOptions | ResumedRun) {
    const { directory, given } =
      options instanceof ResumedRun ? ResumedRun.read(options) : { directory: undefined, given: options };
    const { ownsProcess = false, timeLimitSeconds, engine, logger } = given;
    checkTimeLimit(timeLimitSeconds);
    this.#ownsProcess = ownsProcess;
    this.#timeLimitSeconds = timeLimitSeconds;
    this.#engine = engine;
    this.#messages = new Messages(logger);
    const isElsewhere = engine !== undefined;
    if (directory !== undefined) this.#session = new LaterSession(directory, given, isElsewhere);
    else {
      const {
        dir,
        overwrite = false,
        ownsProcess: _,
        timeLimitSeconds: __,
        logger: ___,
        engine: ____,
        ...input
      } = given;
      const runDir = path.resolve(dir ?? path.join('runs', `run-${timestamp(new Date())}`));
      this.#session = new FirstSession(runDir, input, overwrite, isElsewhere);
    }
    this.runDir = this.#session.runDir;
  }

  /**
   * A run that goes on from its log, whether it was stopped, suspended or killed, or had ended; `start` starts it. No checkpoint is
   * needed for that.
   *
   * @param directory its run directory, or the file of a log
   * @example
   * await using manager = GloMPOManager.resume('runs/demo', { stop: { 'max-evaluations': 100_000 } });
   * const { fx, x } = await manager.start();
   */
  static resume(directory: string, options: GloMPOResumeOptions = {}): GloMPOManager {
    return new GloMPOManager(new ResumedRun(directory, options));
  }

  /** What is run; `undefined` before it is known. */
  get config(): RunConfig | undefined {
    return this.#config;
  }

  /** Everything that happens, as it is logged. Hot: subscribe before `start`. */
  get events$(): Observable<ManagerEvent> {
    return this.#run.pipe(switchMap((run) => run?.events$ ?? EMPTY));
  }

  /** `idle`, `running`, `stopping`, `ended`; the current one at once. */
  get state$(): Observable<RunState> {
    return this.#run.pipe(
      filter((run, index) => run !== undefined || index === 0),
      switchMap((run) => run?.state$ ?? of<RunState>('idle')),
    );
  }

  /** The run's figures now; `undefined` before it started. */
  progress(): RunProgress | undefined {
    const progress = this.#run.value?.progress();
    return progress && { ...progress, ...this.#surroundings };
  }

  /**
   * Runs to the end. A second call waits for the same end.
   *
   * @throws {ConfigError} with all mistakes in what is to be run: nothing was started
   * @throws {CodedError} `run-directory`, `log-unusable`: nothing was started; anything else: the run failed, and its log says where
   */
  start(): Promise<RunResult> {
    this.#result ??= this.#start().catch((thrown: unknown) => {
      // Otherwise the run has told of it.
      if (this.#config && !this.#run.value) this.#messages.log('error', 'manager', messageOf(thrown));
      throw joined(thrown);
    });
    return this.#result;
  }

  async #start(): Promise<RunResult> {
    refuseBundled();
    // The last to go: whoever waits for the run's end at its control socket finds the log complete.
    await using outermost = new AsyncDisposableStack();
    const prepared = await this.#session.prepare(outermost);
    if (!('config' in prepared)) return prepared;
    const { resumption, facts } = prepared;
    const config = this.#engine ? withCluster(prepared.config) : withoutCluster(prepared.config);
    this.#config = config;
    this.#messages.conceal(config);
    this.#messages.begin(config, resumption !== undefined);
    await using resources = new AsyncDisposableStack();
    const home = resources.use(prepared.home);
    const log = openLog(home, config, resumption !== undefined, resources);
    const before = resumption && new Standing(this.runDir, log);
    log.set(facts);
    writeConfigCopy(this.runDir, toYaml(prepared.config));
    const started = firstValueFrom(this.#run.pipe(filter((run) => run !== undefined)));
    outermost.use(await openControl(this, started, this.#messages));
    const files = resources.use(watchFiles(this, started, this.#messages));
    const { runDir } = this;
    const elsewhere = openElsewhere({ config, engine: this.#engine, runDir, log, started }, resources);
    this.#cluster = await elsewhere.catch((thrown: unknown) => {
      if (before) before.restore(facts);
      else log.set(failureOf(thrown, systemClock.now()));
      throw thrown;
    });
    const { office } = this.#cluster ?? {};
    const launcher = await openHosts(config, resources, {
      office,
      runDir,
      ownsProcess: this.#ownsProcess,
      messages: this.#messages,
      onSupervisorLost: (message) => {
        this.#run.value?.note('supervisor-lost', message);
      },
    });
    const geometry = await geometryOf(config.task);
    const world = { clock: systemClock, log, launcher, geometry, runDir };
    const run = makeRun(config, world, resumption);
    this.#messages.warnOfMemory(config);
    if (this.#messages.isHeard)
      run.events$.subscribe((event) => {
        this.#messages.tell(event);
      });
    this.#run.next(run);
    const meter = new ResourceMeter(process.pid, launcher.ticket?.cookie);
    this.#vitals = resources.use(
      new Vitals(
        log,
        () => run.progress().utilisation,
        () => meter.measure(),
        systemClock,
      ),
    );
    if (office && usesCluster(config)) run.resize(office.slots);
    const result = run.start();
    if (this.#wasStopped !== undefined) run.stop(this.#wasStopped);
    if (this.#wasSuspended !== undefined) run.suspend(this.#wasSuspended);
    const limit = this.#timeLimitSeconds;
    if (limit !== undefined)
      resources.defer(systemClock.after(1000 * limit, () => this.suspend(`time limit of ${limit} s`)));
    files.start();
    resources.use(careForLog(run, home, config.manager, this.runDir, systemClock));
    try {
      const came = await result;
      this.#messages.end(came, { ...run.progress(), ...this.#surroundings });
      return came;
    } catch (thrown) {
      if (isMismatch(thrown)) before?.restoreIdentity();
      throw thrown;
    }
  }

  get #surroundings(): Pick<RunProgress, 'resources' | 'cluster'> {
    return { resources: this.#vitals?.resources ?? null, cluster: this.#cluster?.figures ?? null };
  }

  /** Ends the run gracefully, with its result. Without effect when it is ending or has ended. */
  stop(reason: string): Outcome {
    const isFirst = this.#wasStopped === undefined;
    this.#wasStopped ??= reason;
    return this.#run.value?.stop(reason) ?? (isFirst ? 'done' : 'already');
  }

  /**
   * Ends this session and not the run: what runs may finish for `endTimeoutSeconds`, a checkpoint is made, and the run can be resumed.
   * Its result says that it is suspended.
   */
  suspend(reason: string): Outcome {
    const isFirst = this.#wasSuspended === undefined;
    this.#wasSuspended ??= reason;
    return this.#run.value?.suspend(reason) ?? (isFirst ? 'done' : 'already');
  }

  /**
   * Makes a checkpoint, while all goes on.
   *
   * @param name by the pattern `checkpoints.name` when not given
   * @returns its name, when it is in the log
   * @throws {CodedError} `usage` when the name is taken; `run-directory` when the run is not running
   */
  async checkpoint(name?: string): Promise<string> {
    const run = this.#run.value;
    if (!run) throw new CodedError('run-directory', 'the run has not begun');
    return run.checkpoint(name);
  }

  /** Ends one optimizer gracefully (with `aggressiveKill`, at once) as `stopped`; another takes its slots. */
  stopOptimizer(id: number, reason: string): Outcome {
    return this.#run.value?.stopOptimizer(id, reason) ?? 'not-running';
  }

  /** Starts no more evaluations until `unpause`; what runs may finish. Time does not count meanwhile. */
  pause(reason: string): Outcome {
    return this.#run.value?.pause(reason) ?? 'not-running';
  }

  unpause(reason: string): Outcome {
    return this.#run.value?.unpause(reason) ?? 'not-running';
  }

  /** Ends the run at once. What is in the log stays. */
  kill(reason: string): void {
    this.#wasStopped ??= reason;
    this.#run.value?.kill(reason);
  }

  /** Ends the run if it is still going on, and waits until nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('the manager was disposed of');
    await this.#result?.catch(() => {});
  }
}

/** A run that cannot begin, such as with a plug-in that throws, is told of in its log as well. */
function makeRun(config: RunConfig, world: ManagerWorld, resumption?: Resumption): Run {
  try {
    return new Run(config, world, resumption);
  } catch (error) {
    world.log.set(failureOf(error, world.clock.now()));
    throw error;
  }
}

/** `2026-11-22T01-15-14-123`: sorts by time, and is a legal file name everywhere. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, -1).replaceAll(/[:.]/g, '-');
}
