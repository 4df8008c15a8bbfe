import {
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** The log's file: in the run directory, or, while a run with `manager.logDir` goes on, in the directory that it has there. */
export const LOG_FILE = 'run.sqlite';

/** The file in a run directory that says where the log is when it is not there. Touched every few seconds while the run goes on. */
export const POINTER_FILE = 'log.path';

/** After the log's name: room that is kept for it. */
export const RESERVE_END = '.reserve';

/** All files that a log in a directory may consist of. */
export function filesOfLog(directory: string): readonly string[] {
  const log = path.join(directory, LOG_FILE);
  return ['', '-wal', '-shm', '-journal', RESERVE_END].map((end) => log + end);
}

/** Where the log of a run is while it is not in its run directory. */
interface Away {
  readonly host: string;
  readonly directory: string;
}

export interface LogPlace {
  /** The file to read, on this machine. */
  readonly file: string;
  /** The file is a copy of the log that is there, out of reach from here or lost. */
  readonly copyOf?: Away;
}

/**
 * @param runDir or the file of a log itself, such as a portable checkpoint
 * @returns the log itself where it can be reached, else its copy in the run directory; the file may not be there
 */
export function placeOfLog(runDir: string): LogPlace {
  if (statSync(runDir, { throwIfNoEntry: false })?.isFile()) return { file: runDir };
  const own = path.join(runDir, LOG_FILE);
  const away = readPointer(runDir);
  if (!away) return { file: own };
  const live = path.join(away.directory, LOG_FILE);
  return away.host === hostname() && existsSync(live) ? { file: live } : { file: own, copyOf: away };
}

export function writePointer(runDir: string, directory: string): void {
  const file = path.join(runDir, POINTER_FILE);
  const pointer = { host: hostname(), directory, runDir: realpathSync(runDir), inode: inodeOf(runDir) };
  writeFileSync(`${file}.new`, `${JSON.stringify(pointer)}\n`);
  renameSync(`${file}.new`, file);
}

/**
 * Ends it that the log is elsewhere: what is in the run directory is the log from now on, and what was elsewhere is gone.
 *
 * @remarks The pointer may have been written by anybody: no more is removed than a log, and the directory only if it is empty then.
 */
export function removePointer(runDir: string): void {
  const away = readPointer(runDir);
  rmSync(path.join(runDir, POINTER_FILE), { force: true });
  if (away?.host !== hostname()) return;
  for (const file of filesOfLog(away.directory)) rmSync(file, { force: true });
  try {
    rmdirSync(away.directory);
  } catch {
    // Not empty, or gone already.
  }
}

/** One that came with a copy of a run directory means that other directory, and is not followed. */
function readPointer(runDir: string): Away | undefined {
  try {
    const text = readFileSync(path.join(runDir, POINTER_FILE), 'utf8');
    const { host, directory, runDir: written, inode } = JSON.parse(text) as Record<string, unknown>;
    if (typeof host !== 'string' || typeof directory !== 'string' || !path.isAbsolute(directory))
      return undefined;
    // It keeps its path when the machine starts again, and its inode when it is moved.
    const isOurs = written === realpathSync(runDir) || inode === inodeOf(runDir);
    return isOurs ? { host, directory } : undefined;
  } catch {
    return undefined;
  }
}

function inodeOf(file: string): string {
  return String(statSync(file, { bigint: true }).ino);
}
