import { existsSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../core/json.ts';
import { LOCK_FILE } from '../log/lock.ts';
import { LOG_FILE } from '../log/place.ts';
import { clearRunDirectory, lockRunDirectory, refuseIfTaken } from '../manager/run-directory.ts';
import { sweepBeforeUse } from '../processes/reap.ts';
import { VERSION } from '../version.ts';

/** Makes the log under another name until it is whole: until then what was in the directory is there, and after a failure nothing else. */
export async function inDirectory<Result>(
  directory: string,
  overwrite: boolean,
  write: (log: string) => Promise<Result>,
): Promise<Result> {
  const made = missingFrom(directory);
  using _ = lockRunDirectory(directory);
  const unfinished = path.join(directory, `${LOG_FILE}.part`);
  const remove = (): void => {
    for (const ending of ['', '-wal', '-shm']) rmSync(unfinished + ending, { force: true });
  };
  try {
    if (!overwrite) refuseIfTaken(directory);
    remove();
    const result = await write(unfinished);
    await sweepBeforeUse(directory);
    clearRunDirectory(directory, overwrite);
    renameSync(unfinished, path.join(directory, LOG_FILE));
    return result;
  } catch (error) {
    remove();
    if (made !== undefined) removeMade(directory, made);
    throw error;
  }
}

/** The topmost directory that has to be made for this one, if any has. */
function missingFrom(directory: string): string | undefined {
  let missing: string | undefined;
  for (let folder = directory; !existsSync(folder); folder = path.dirname(folder)) missing = folder;
  return missing;
}

/** Removes the directories that were made, as far as nobody else has put something there. */
function removeMade(directory: string, made: string): void {
  rmSync(path.join(directory, LOCK_FILE), { force: true });
  try {
    for (let folder = directory; folder.length >= made.length; folder = path.dirname(folder))
      rmdirSync(folder);
  } catch {
    // It is somebody else's by now.
  }
}

/** Who writes a log. */
export function writerFacts(): JsonObject {
  return {
    glompo: VERSION,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    host: hostname(),
    managerPid: process.pid,
  };
}
