import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { CodedError } from '../core/errors.ts';
import { bootId, parseCookie } from './cookie.ts';
import type { ProcessIdentity } from './proc.ts';

/** The file in a run directory by which a later command finds what a run left. There while the run goes on, and after a crash. */
export const PROCESSES_FILE = 'processes.json';

export interface RecordedRun {
  readonly cookie: string;
  readonly host: string;
  /** Of the host's kernel: what ran before a restart is gone. */
  readonly boot: string;
  readonly leaders: readonly ProcessIdentity[];
  readonly cgroup?: string;
}

/** The file is written at most this often; a change after a pause at the end of the same turn. */
const GATHER_MS = 50;

/** Keeps `processes.json` as the run goes on. */
export class RunRecord implements Disposable {
  readonly #file: string;
  readonly #run: Omit<RecordedRun, 'leaders'>;
  readonly #leaders = new Map<number, ProcessIdentity>();
  #timer: NodeJS.Timeout | undefined;
  #writtenAt = 0;

  constructor(directory: string, cookie: string, cgroup?: string) {
    this.#file = path.join(directory, PROCESSES_FILE);
    this.#run = { cookie, host: hostname(), boot: bootId(), ...(cgroup === undefined ? {} : { cgroup }) };
    this.#write();
  }

  note(leader: ProcessIdentity): void {
    this.#leaders.set(leader.pid, leader);
    this.#writeSoon();
  }

  forget(pid: number): void {
    if (this.#leaders.delete(pid)) this.#writeSoon();
  }

  #writeSoon(): void {
    if (this.#timer) return;
    const pause = Math.max(0, this.#writtenAt + GATHER_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      try {
        this.#write();
      } catch {
        // A full disk. What is recorded already, and the cookies, must do.
      }
    }, pause).unref();
  }

  #write(): void {
    this.#writtenAt = performance.now();
    const run: RecordedRun = { ...this.#run, leaders: [...this.#leaders.values()] };
    writeFileSync(`${this.#file}.new`, JSON.stringify(run));
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** The run is over and left nothing. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    rmSync(this.#file, { force: true });
  }
}

/** @returns undefined when there is none: nothing was left, or nothing was ever started */
export function readRunRecord(directory: string): RecordedRun | undefined {
  const file = path.join(directory, PROCESSES_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return checkRun(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new CodedError('run-directory', `${file} is not what glompo wrote; remove it by hand`, { cause });
  }
}

export function removeRunRecord(directory: string): void {
  rmSync(path.join(directory, PROCESSES_FILE), { force: true });
}

function checkRun(value: unknown): RecordedRun {
  const run = value as RecordedRun;
  if (!parseCookie(run.cookie) || typeof run.host !== 'string' || typeof run.boot !== 'string')
    throw new Error('no cookie or host');
  if (!run.leaders.every(({ pid, start }) => Number.isInteger(pid) && pid > 1 && Number.isInteger(start)))
    throw new Error('leaders');
  const name = `glompo-${run.cookie}`;
  if (run.cgroup !== undefined && path.basename(run.cgroup) !== name) throw new Error('cgroup');
  return run;
}
