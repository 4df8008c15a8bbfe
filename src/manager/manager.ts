import { hostname } from 'node:os';
import path from 'node:path';
import { BehaviorSubject, EMPTY, filter, type Observable, of, switchMap } from 'rxjs';
import { createLauncher } from '../backends/hosts/registry.ts';
import { geometryOf } from '../backends/task-thread.ts';
import { sweepBeforeUse } from '../backends/sweep.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain, toYaml } from '../config/write.ts';
import { systemClock } from '../core/clock.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { LOG_FILE } from '../log/reader.ts';
import { SqliteLog } from '../log/sqlite-log.ts';
import { VERSION } from '../version.ts';
import type { ManagerEvent } from './events.ts';
import { Run, type RunState } from './run.ts';
import { makeRunDirectory, writeConfigCopy } from './run-directory.ts';
import { StreamFiles } from './stream-files.ts';

export interface GloMPOManagerOptions {
  /** The run, as `loadConfig` or `resolveConfig` returns it. */
  readonly config: RunConfig;
  /** Where the log goes. @default runs/run-<time> */
  readonly dir?: string;
  /** Remove an earlier run in `dir`; a live one is never removed. @default false */
  readonly overwrite?: boolean;
  /**
   * Whether this process exists for this run alone. Then its own environment is marked, so that also what an inline task starts is
   * ended with the run. @default false
   */
  readonly ownsProcess?: boolean;
}

/**
 * One run in one directory, from its start to its end.
 *
 * @example
 * await using manager = new GloMPOManager({ config: await loadConfig('demo.yaml') });
 * manager.events$.subscribe((event) => console.log(event.type, event.message));
 * const { fx, x } = await manager.start();
 */
export class GloMPOManager implements AsyncDisposable {
  readonly runDir: string;
  readonly #options: GloMPOManagerOptions;
  readonly #run = new BehaviorSubject<Run | undefined>(undefined);
  #result: Promise<RunResult> | undefined;
  #wasStopped: string | undefined;

  constructor(options: GloMPOManagerOptions) {
    this.#options = options;
    this.runDir = path.resolve(options.dir ?? path.join('runs', `run-${timestamp(new Date())}`));
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
    return this.#run.value?.progress();
  }

  /**
   * Runs to the end. A second call waits for the same end.
   *
   * @throws {CodedError} `run-directory`, `log-unusable`: nothing was started; anything else: the run failed, and its log says where
   */
  start(): Promise<RunResult> {
    this.#result ??= this.#start();
    return this.#result;
  }

  async #start(): Promise<RunResult> {
    const { config, overwrite = false } = this.#options;
    await sweepBeforeUse(this.runDir);
    makeRunDirectory(this.runDir, overwrite);
    writeConfigCopy(this.runDir, toYaml(config));
    await using resources = new AsyncDisposableStack();
    const log = resources.use(new SqliteLog(path.join(this.runDir, LOG_FILE), config.parameters.length));
    log.set({
      status: 'running',
      glompo: VERSION,
      node: process.versions.node,
      v8: process.versions.v8,
      platform: `${process.platform} ${process.arch}`,
      host: hostname(),
      managerPid: process.pid,
      startedAt: systemClock.now(),
      names: config.parameters.map(({ name }) => name),
      seed: config.manager.seed,
      config: toPlain(config),
    });
    const streams = resources.use(new StreamFiles(this.runDir));
    const launcher = resources.use(
      await createLauncher({
        backend: config.manager.backend,
        ownsProcess: this.#options.ownsProcess ?? false,
        containment: config.manager.containment,
        runDir: this.runDir,
        clock: systemClock,
        output: streams.sink,
        onSupervisorLost: (message) => {
          this.#run.value?.note('supervisor-lost', message);
        },
      }),
    );
    const geometry = await geometryOf(config.task);
    const run = new Run(config, { clock: systemClock, log, launcher, geometry, runDir: this.runDir });
    this.#run.next(run);
    const result = run.start();
    if (this.#wasStopped !== undefined) run.stop(this.#wasStopped);
    return await result;
  }

  /** Ends the run gracefully, with its result. Without effect when it has ended. */
  stop(reason: string): void {
    this.#wasStopped ??= reason;
    this.#run.value?.stop(reason);
  }

  /** Starts no more evaluations until `unpause`; what runs may finish. */
  pause(reason: string): void {
    this.#run.value?.pause(reason);
  }

  unpause(reason: string): void {
    this.#run.value?.unpause(reason);
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

/** `2026-11-22T01-15-14-123`: sorts by time, and is a legal file name everywhere. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, -1).replaceAll(/[:.]/g, '-');
}
