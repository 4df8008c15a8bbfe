import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { makeDirectory } from '../core/directories.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { COPY_FILES } from '../log/copy.ts';
import { ago, recently, writerElsewhere } from '../log/elsewhere.ts';
import { nearest } from '../log/filesystem.ts';
import { RunLock } from '../log/lock.ts';
import { filesOfLog, LOG_FILE, placeOfLog, removePointer } from '../log/place.ts';
import { readLog } from '../log/reader.ts';

/** What is run, as it was resolved. */
const CONFIG_COPY = 'config.yaml';
const CONFIG_COPY_BEING_WRITTEN = `${CONFIG_COPY}.new`;

/** What a run leaves in its directory, so that `overwrite` removes these and nothing else. */
const OWN_ENTRIES = [
  ...COPY_FILES,
  CONFIG_COPY,
  CONFIG_COPY_BEING_WRITTEN,
  'report.html',
  'streams',
  'processes.json',
  'engine.json',
  'launch-over.json',
  'supervisor.log',
  'glompo.log',
  'glompo.log.1',
  'glompo.log.2',
  'glompo.log.3',
];

/**
 * Makes a directory for a run, if need be, and keeps all other managers out of it.
 *
 * @throws {CodedError} `run-directory` when a run in it is live, or it cannot be written
 */
export function lockRunDirectory(directory: string): RunLock {
  orSayThatItCannotBeWritten(directory, () => {
    // One that is there may be where nothing can be written.
    accessSync(nearest(directory), constants.W_OK);
    makeDirectory(directory);
  });
  // Before the lock is ours: where locks reach no other machine, it says who else has it.
  refuseIfWrittenElsewhere(directory);
  return new RunLock(directory);
}

/**
 * Makes room for a new run in a directory that is locked.
 *
 * @param overwrite remove an earlier run there
 * @throws {CodedError} `run-directory` when it holds a run already
 */
export function clearRunDirectory(directory: string, overwrite: boolean): void {
  if (!overwrite) refuseIfTaken(directory);
  else
    orSayThatItCannotBeWritten(directory, () => {
      removePointer(directory);
      for (const file of filesOfLog(directory)) rmSync(file, { force: true });
      for (const entry of OWN_ENTRIES) rmSync(path.join(directory, entry), { recursive: true, force: true });
    });
}

/** @throws {CodedError} `run-directory` when a directory holds a run */
export function refuseIfTaken(directory: string): void {
  // A write-ahead log alone may be what is left of a run, and SQLite would remove it.
  const found = [placeOfLog(directory).file, ...filesOfLog(directory)].find((file) => existsSync(file));
  if (found !== undefined)
    throw new CodedError(
      'run-directory',
      `${directory} holds a run already${isWhole(found) ? '' : ` (${found} is left of it)`}; choose another directory, or say --overwrite`,
    );
}

function isWhole(file: string): boolean {
  return path.basename(file) === LOG_FILE;
}

/** Some network filesystems lock for one machine only, and say nothing of it. So a log that another machine writes at this moment counts too. */
function refuseIfWrittenElsewhere(directory: string): void {
  const silentMs = recently(directory);
  if (silentMs === undefined) return;
  const host = writerElsewhere(directory)?.host ?? hostInLog(directory);
  if (host === undefined || host === hostname()) return;
  throw new CodedError(
    'run-directory',
    `${directory} holds a run that is live on ${host}: its log ${ago(silentMs)}; stop it there, choose another directory, or if it was killed, try again ${silentMs < -60_000 ? 'when the clocks agree' : 'in a minute'}`,
  );
}

/** The machine whose run goes on according to the log. A log that cannot be read says nothing. */
function hostInLog(directory: string): string | undefined {
  try {
    const { status, host } = readLog(directory, (reader) => reader.facts());
    return status === 'running' && typeof host === 'string' ? host : undefined;
  } catch {
    return undefined;
  }
}

function orSayThatItCannotBeWritten(directory: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new CodedError(
      'run-directory',
      `cannot write to the run directory ${directory}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * Nobody reads half of it: others read it while a run is resumed.
 *
 * @param text as YAML; there is none any more when not given
 */
export function writeConfigCopy(directory: string, text: string | Uint8Array | undefined): void {
  const file = path.join(directory, CONFIG_COPY);
  orSayThatItCannotBeWritten(directory, () => {
    if (text === undefined) rmSync(file, { force: true });
    else {
      const temporary = path.join(directory, CONFIG_COPY_BEING_WRITTEN);
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    }
  });
}

export function readConfigCopy(directory: string): Uint8Array | undefined {
  const file = path.join(directory, CONFIG_COPY);
  return existsSync(file) ? readFileSync(file) : undefined;
}
