import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError, messageOf } from '../core/errors.ts';
import { isLive, LOG_FILE } from '../log/reader.ts';

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

/**
 * Makes the directory of a new run.
 *
 * @param overwrite remove an earlier run there, unless it is live
 * @throws {CodedError} `run-directory` when it holds a run already, or cannot be written
 */
export function makeRunDirectory(directory: string, overwrite: boolean): void {
  const log = path.join(directory, LOG_FILE);
  if (existsSync(log)) {
    if (isLive(directory))
      throw new CodedError(
        'run-directory',
        `${directory} holds a run that is live; stop it first, or choose another directory`,
      );
    if (!overwrite)
      throw new CodedError(
        'run-directory',
        `${directory} holds a run already; choose another directory, or say --overwrite`,
      );
  }
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    if (overwrite)
      for (const entry of OWN_ENTRIES) rmSync(path.join(directory, entry), { recursive: true, force: true });
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
