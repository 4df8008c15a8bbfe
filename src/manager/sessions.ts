import { statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sweepBeforeUse } from '../backends/sweep.ts';
import { type ConfigInput, resolveInput, type RunInput } from '../config/input.ts';
import { ConfigError } from '../config/problems.ts';
import { resolveConfig } from '../config/resolve.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { systemClock } from '../core/clock.ts';
import { makeDirectory } from '../core/directories.ts';
import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { RunResult } from '../log/figures.ts';
import { callAt, forkLog } from '../log/fork.ts';
import { LogHome } from '../log/home.ts';
import { placeOfLog } from '../log/place.ts';
import { readLog } from '../log/reader.ts';
import { cutJournal } from '../optimizers/journal.ts';
import { refuseInline } from './engine-options.ts';
import { differences } from './fingerprint.ts';
import { warmStartFaults } from './other-run.ts';
import type { Resumption } from './resuming.ts';
import { clearRunDirectory, lockRunDirectory, refuseIfTaken } from './run-directory.ts';
import {
  factsOf,
  fixedDifferences,
  identityIn,
  NO_END,
  withoutIdentity,
  withoutWorkers,
  writerOf,
} from './session-facts.ts';

/** A run that is about to begin, or to go on. */
export interface Prepared {
  readonly config: RunConfig;
  readonly home: LogHome;
  /** What its log is to say of it from now on. */
  readonly facts: JsonObject;
  /** How it goes on; it is a new one when not given. */
  readonly resumption?: Resumption;
}

/** From the start of a manager to its end. */
export interface Session {
  readonly runDir: string;
  /**
   * Reads and checks what is to be run, and makes its directory ready.
   *
   * @param custody what is put here is kept until the session has ended
   * @returns a result when there is nothing left to do
   */
  prepare(custody: AsyncDisposableStack): Promise<Prepared | RunResult>;
}

/** A run from its beginning. */
export class FirstSession implements Session {
  readonly runDir: string;
  readonly #input: RunInput;
  readonly #overwrite: boolean;
  readonly #isElsewhere: boolean;

  /** @param isElsewhere whether other machines evaluate */
  constructor(runDir: string, input: RunInput, overwrite: boolean, isElsewhere: boolean) {
    this.runDir = runDir;
    this.#input = input;
    this.#overwrite = overwrite;
    this.#isElsewhere = isElsewhere;
  }

  async prepare(custody: AsyncDisposableStack): Promise<Prepared> {
    const config = await resolveInput(this.#input, {
      examineWarmStart: warmStartFaults,
      isElsewhere: this.#isElsewhere,
    });
    // Before a directory is changed in which there may be a run.
    if (this.#isElsewhere) refuseInline(config);
    refuseOwnDirectory(config, this.runDir);
    custody.use(lockRunDirectory(this.runDir));
    await sweepBeforeUse(this.runDir);
    clearRunDirectory(this.runDir, this.#overwrite);
    const home = new LogHome(this.runDir, config.manager.logDir);
    return { config, home, facts: { ...factsOf(config), startedAt: systemClock.now() } };
  }
}

/** @throws {ConfigError} when a run is to start with the evaluations of a run that it would remove, or is */
function refuseOwnDirectory({ warmStart }: RunConfig, runDir: string): void {
  if (!warmStart || (warmStart.run !== runDir && path.dirname(placeOfLog(warmStart.run).file) !== runDir))
    return;
  const message = `expected another run than the one that is to be made in ${runDir}; choose another directory for it`;
  throw new ConfigError([{ path: 'warmStart.run', message }]);
}

/** How a run is to go on. */
export interface ResumeOptions extends Partial<
  Omit<ConfigInput, 'task' | 'parameters' | 'plugins' | 'constraints' | 'warmStart'>
> {
  /** `path=value`, as on the command line. */
  readonly set?: readonly string[];
  /** From a checkpoint, or from after a call: in a run of its own. @default the end of the log */
  readonly at?: string | number;
  /** Where the run goes on; the original stays as it is. @default where it was; with `at`, the same directory with `-at-…` behind it */
  readonly into?: string;
  /** Go on although the task, its parameters or a plug-in are not those of the log. @default false */
  readonly forceTask?: boolean;
  /** Optimizers go on from their latest snapshots, and what came after these in the log is unknown to them. @default false */
  readonly fromSnapshots?: boolean;
}

/** Sections that may be given anew; `manager` and `checkpoints` are added to what there is. */
const SECTIONS = ['optimizers', 'generator', 'hunters', 'stop', 'manager', 'checkpoints', 'cache'] as const;

/** A run that goes on. */
export class LaterSession implements Session {
  readonly runDir: string;
  readonly #source: string;
  readonly #options: ResumeOptions;
  readonly #isElsewhere: boolean;

  /**
   * @param source a run directory, or the file of a log
   * @param isElsewhere whether other machines evaluate
   */
  constructor(source: string, options: ResumeOptions, isElsewhere: boolean) {
    this.#source = path.resolve(source);
    this.#options = options;
    this.#isElsewhere = isElsewhere;
    this.runDir = directoryOfSession(source, options);
  }

  async prepare(custody: AsyncDisposableStack): Promise<Prepared | RunResult> {
    const { runDir } = this;
    const { at } = this.#options;
    const isFork = runDir !== this.#source;
    // Before anything is made or locked: there may be no log there at all, or no such call in it.
    readLog(this.#source, (reader) => (at === undefined ? reader.lastCall() : callAt(reader, String(at))));
    if (isFork) refuseIfTaken(runDir);
    else {
      if (at !== undefined)
        throw new CodedError(
          'usage',
          `${runDir} stays as it is when a run goes on from the middle of it: say with --into another directory, or leave --into out`,
        );
      if (isFile(runDir))
        throw new CodedError(
          'usage',
          `${runDir} is a file: say with --into in which directory its run is to go on`,
        );
      custody.use(lockRunDirectory(runDir));
      await sweepBeforeUse(runDir);
    }
    const facts = readLog(this.#source, (reader) => reader.facts());
    if (typeof facts['status'] !== 'string')
      throw new CodedError(
        'log-unusable',
        `there is nothing in the log of ${this.#source}: its manager was killed as it began; start the run again, with --overwrite`,
      );
    if (facts['imported'] !== undefined)
      throw new CodedError(
        'usage',
        `${this.#source} holds a table that was imported, and no run that could go on; start one from it with warmStart`,
      );
    const config = await this.#configure(facts);
    // Before a directory is changed in which there may be a run.
    if (this.#isElsewhere) refuseInline(config);
    const changes = this.#changes();
    const finished = facts['status'] === 'finished' && facts['endedBy'] === 'itself' && facts['result'];
    if (finished && changes.length === 0 && !isFork) return { ...(finished as unknown as RunResult), runDir };
    if (isFork) {
      custody.use(lockRunDirectory(runDir));
      clearRunDirectory(runDir, false);
      makeDirectory(runDir);
      forkLog(this.#source, runDir, at === undefined ? undefined : String(at), cutJournal);
    }
    const home = await LogHome.again(runDir, config.manager.logDir);
    const before = Number(facts['overallSeconds'] ?? 0);
    return {
      config,
      home,
      facts: {
        ...withoutIdentity(factsOf(config)),
        ...NO_END,
        ...withoutWorkers(facts),
        ...(isFork ? { forkedFrom: this.#source } : {}),
        resumedAt: systemClock.now(),
      },
      resumption: {
        secondsBefore: Number.isFinite(before) ? before : 0,
        changes: at === undefined ? changes : [`at ${at}`, ...changes],
        isSnapshotOnly: this.#options.fromSnapshots ?? false,
        writtenBy: writerOf(facts),
        identity: identityIn(factsOf(config)),
      },
    };
  }

  /** The configuration of the log, with what is changed in it. @throws {CodedError} `task-differs` */
  async #configure(facts: JsonObject): Promise<RunConfig> {
    const { set = [], forceTask = false } = this.#options;
    const before = (facts['config'] ?? {}) as JsonObject;
    const changed: Record<string, unknown> = { ...before };
    for (const section of SECTIONS) {
      const given = this.#options[section];
      if (given === undefined) continue;
      const isAdded = section === 'manager' || section === 'checkpoints';
      changed[section] = isAdded ? { ...(before[section] as object), ...(given as object) } : given;
    }
    const config = await resolveConfig(changed, {
      baseDir: process.cwd(),
      sets: set,
      isElsewhere: this.#isElsewhere,
    });
    const fixed = fixedDifferences((before['manager'] ?? {}) as JsonObject, config);
    if (!isDeepStrictEqual(before['warmStart'], toPlain(config)['warmStart']))
      throw new CodedError('usage', 'warmStart cannot be changed when a run goes on: it is how it began');
    const different = forceTask ? [] : differences(facts, config);
    const lines = [...fixed, ...different].map((line) => `\n  ${line}`).join('');
    if (lines !== '')
      throw new CodedError(
        'task-differs',
        `this is another run than that of the log:${lines}\n${
          fixed.length > 0
            ? 'What is said under manager cannot be changed when a run goes on'
            : 'Its values would not fit the old ones; to go on all the same, say --force-task'
        }`,
      );
    return config;
  }

  #changes(): readonly string[] {
    const { set = [], fromSnapshots, forceTask } = this.#options;
    return [
      ...set,
      ...SECTIONS.filter((section) => this.#options[section] !== undefined),
      ...(fromSnapshots ? ['from snapshots'] : []),
      ...(forceTask ? ['task forced'] : []),
    ];
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Where a run goes on. */
export function directoryOfSession(source: string, { at, into }: Pick<ResumeOptions, 'at' | 'into'>): string {
  if (into !== undefined) return path.resolve(into);
  return at === undefined ? path.resolve(source) : directoryAt(path.resolve(source), String(at));
}

/** Beside the original; a checkpoint's name may have anything in it. */
function directoryAt(source: string, at: string): string {
  const base = isFile(source) ? source.replace(/\.sqlite$/, '') : source;
  return `${base}-at-${at.replaceAll(/[^\w.=+,-]+/g, '_')}`;
}
