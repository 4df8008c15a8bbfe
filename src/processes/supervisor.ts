import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../core/compile-cache.ts';
import { entryUrl } from '../core/places.ts';
import { SUPERVISOR_VARIABLE } from './cookie.ts';
import { isProcUsable, type ProcessIdentity } from './proc.ts';
import type { SupervisorLine } from './supervisor-entry.ts';

export interface SupervisorOptions {
  /** What it sweeps when this process is gone. */
  readonly cookie: string;
  /** A cgroup that it kills and removes as well. */
  readonly cgroup?: string | undefined;
  /** Where it writes what it had to do. @default nowhere */
  readonly logFile?: string | undefined;
  /** Called when one died, with what is done about it. */
  readonly onLost?: ((message: string) => void) | undefined;
}

/** More deaths than this within a minute, and the next is started a minute later. */
const MOST_DEATHS = 5;
const DEATHS_WITHIN_MS = 60_000;
/** A sweep takes at most 10 s. */
const FAREWELL_MS = 15_000;

/**
 * The manager's end of its supervisor: a small process in a session of its own, idle until this process ends in whatever way.
 * It is started again, with all that it was told, when it dies; it does not keep this process alive.
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions;
  readonly #notes = new Map<number, ProcessIdentity>();
  #child: ChildProcess | undefined;
  #deaths: number[] = [];
  #isEnding = false;
  #end: Promise<void> | undefined;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#launch();
  }

  /** @returns undefined where there is no `/proc` to find processes by */
  static start(options: SupervisorOptions): Supervisor | undefined {
    return isProcUsable() ? new Supervisor(options) : undefined;
  }

  /** Of the one that watches now; undefined when none does. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The process, and the group and session that it leads, are swept too, whatever their environment. */
  note(leader: ProcessIdentity): void {
    this.#notes.set(leader.pid, leader);
    this.#send({ note: leader });
  }

  /** Nothing is left of what this process led: its number may go to a stranger. */
  forget(pid: number): void {
    if (this.#notes.delete(pid)) this.#send({ forget: pid });
  }

  #launch(): void {
    const { cookie, cgroup, logFile } = this.#options;
    const log = openLog(logFile);
    const { NODE_OPTIONS: _, ...env } = process.env;
    // A small heap is all it needs, and stripping types from sources costs 17 MB each time without a cache.
    const child = spawn(
      process.execPath,
      [
        '--max-old-space-size=16',
        '--max-semi-space-size=1',
        fileURLToPath(entryUrl('processes/supervisor-entry.ts')),
      ],
      {
        detached: true,
        cwd: '/',
        stdio: ['pipe', 'ignore', log ?? 'ignore'],
        env: {
          NODE_COMPILE_CACHE: cacheDirectory(),
          ...env,
          [SUPERVISOR_VARIABLE]: cookie,
        },
      },
    );
    if (log !== undefined) closeSync(log);
    this.#child = child;
    child.unref();
    const pipe = child.stdin as Socket | null | undefined;
    // What could not be told is told to its successor.
    pipe?.on('error', () => {});
    pipe?.unref();
    if (cgroup !== undefined) this.#send({ cgroup });
    for (const note of this.#notes.values()) this.#send({ note });
    child.once('error', (error) => {
      this.#lost(child, error.message);
    });
    child.once('exit', (code, signal) => {
      this.#lost(child, signal ?? `exit code ${code}`);
    });
  }

  #lost(child: ChildProcess, cause: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#isEnding) return;
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    const isRestarted = this.#deaths.length <= MOST_DEATHS;
    if (isRestarted) this.#launch();
    else setTimeout(() => this.#isEnding || this.#launch(), DEATHS_WITHIN_MS).unref();
    this.#options.onLost?.(
      `the supervisor was lost (${cause}); ${isRestarted ? 'another was started' : 'it dies each time: the run goes on without for a minute'}`,
    );
  }

  #send(line: SupervisorLine): void {
    this.#child?.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  /** Says goodbye, and waits until it found nothing of the run left. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= this.#dismiss();
    return this.#end;
  }

  async #dismiss(): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    if (!child) return;
    child.ref();
    const timer = setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS);
    const exit = once(child, 'exit').catch(() => {});
    this.#send({ goodbye: true });
    child.stdin?.end();
    await exit;
    clearTimeout(timer);
  }
}

/** A supervisor that cannot write is better than none. */
function openLog(file: string | undefined): number | undefined {
  try {
    return file === undefined ? undefined : openSync(file, 'a');
  } catch {
    return undefined;
  }
}
