import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { CodedError, messageOf } from '../core/errors.ts';
import { RunLock } from '../log/lock.ts';
import { LOG_FILE, readLog } from '../log/reader.ts';

/** What a run leaves in its directory, so that `overwrite` removes these and nothing else. */
const OWN_ENTRIES = [
  LOG_FILE,
  `${LOG_FILE}-wal`,
  `${LOG_FILE}-shm`,
  'config.yaml',
  'streams',
  'processes.json',
  'supervisor.log',
];

/** A run writes its vitals into its log every ten seconds; a network filesystem may show that half a minute late. */
const SILENT_MS = 60_000;

/**
 * Makes a directory for a run, if need be, and keeps all other managers out of it.
 *
 * @throws {CodedError} `run-directory` when a run in it is live, or it cannot be written
 */
export function lockRunDirectory(directory: string): RunLock {
  orSayThatItCannotBeWritten(directory, () => {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  });
  const lock = new RunLock(directory);
  try {
    refuseIfWrittenElsewhere(directory);
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
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
      for (const entry of OWN_ENTRIES) rmSync(path.join(directory, entry), { recursive: true, force: true });
    });
}

/** @throws {CodedError} `run-directory` when a directory holds a run */
export function refuseIfTaken(directory: string): void {
  if (existsSync(path.join(directory, LOG_FILE)))
    throw new CodedError(
      'run-directory',
      `${directory} holds a run already; choose another directory, or say --overwrite`,
    );
}

/** Some network filesystems lock for one machine only, and say nothing of it. So a log that another machine writes at this moment counts too. */
function refuseIfWrittenElsewhere(directory: string): void {
  const host = hostInLog(directory);
  if (host === undefined || host === hostname()) return;
  const log = path.join(directory, LOG_FILE);
  const writtenAt = Math.max(
    ...[log, `${log}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
  const silentMs = Date.now() - writtenAt;
  if (silentMs > SILENT_MS) return;
  throw new CodedError(
    'run-directory',
    `${directory} holds a run that is live on ${host}: its log was written ${Math.max(0, Math.round(silentMs / 1000))} s ago; stop it there, choose another directory, or if it was killed, try again in a minute`,
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

export function writeConfigCopy(directory: string, yaml: string): void {
  writeFileSync(path.join(directory, 'config.yaml'), yaml);
}
