import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { LOG_FILE } from './place.ts';

const UNFINISHED = '.copy';

/** What a copy that was broken off may leave in the run directory. */
export const COPY_FILES: readonly string[] = [`${LOG_FILE}${UNFINISHED}`, `${LOG_FILE}${UNFINISHED}-journal`];

/**
 * Copies a log, also one that is being written to, as it is at this moment. What is at `to` is whole at any time: the copy before, then
 * this one. It is one plain file, that can be read anywhere.
 *
 * @param isGivenUp looked at as it goes on, which is in small parts, so that the run goes on too
 * @throws what SQLite says, or `it was given up`; then nothing has changed at `to`
 */
export async function copyLog(
  from: string,
  to: string,
  isGivenUp: () => boolean = () => false,
): Promise<void> {
  const unfinished = `${to}${UNFINISHED}`;
  const remove = (): void => {
    for (const end of ['', '-journal']) rmSync(unfinished + end, { force: true });
  };
  remove();
  try {
    await backUp(from, unfinished, isGivenUp);
    leaveWal(unfinished);
    renameSync(unfinished, to);
  } catch (error) {
    remove();
    throw error;
  }
}

async function backUp(from: string, to: string, isGivenUp: () => boolean): Promise<void> {
  const db = new Database(from, { readonly: true, fileMustExist: true });
  try {
    // A read transaction, so that what is written meanwhile does not make the backup begin again.
    db.exec('BEGIN; SELECT 1 FROM sqlite_schema');
    await db.backup(to, {
      progress: () => {
        if (isGivenUp()) throw new Error('it was given up');
        return 100;
      },
    });
  } finally {
    db.close();
  }
}

/**
 * The copy's header says WAL, as the log's does; nobody could read it then where nothing can be written.
 *
 * @see https://sqlite.org/fileformat2.html#file_format_version_numbers
 */
function leaveWal(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    writeSync(descriptor, Buffer.of(1, 1), 0, 2, 18);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
