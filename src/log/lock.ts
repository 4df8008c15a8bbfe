import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { CodedError, messageOf } from '../core/errors.ts';

/** Stays in the run directory: whoever removes a lock's file lets two in. */
export const LOCK_FILE = 'run.lock';

/** A run that ends lets go of its lock a moment after it told that it ended. */
const WAIT_MS = 500;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/**
 * The right to write into a run directory: one manager at a time has it.
 *
 * It is a lock of the operating system on a tiny SQLite file, taken by a transaction that stays open. The kernel lets go of it when its
 * holder dies, however it dies, and it holds between containers, where a pid says little. The transaction is one that lets others
 * read, so that they can tell who holds it.
 *
 * @remarks POSIX drops a process's lock when the process closes the file by whatever handle: only SQLite may open it.
 */
export class RunLock implements Disposable {
  readonly #db: Database.Database;

  /**
   * @param directory is there, and can be written
   * @throws {CodedError} `run-directory` when another manager holds it, with its process and machine
   */
  constructor(directory: string) {
    const file = path.join(directory, LOCK_FILE);
    try {
      this.#db = new Database(file, { timeout: WAIT_MS });
    } catch (error) {
      throw unusable(file, error);
    }
    try {
      acquire(this.#db, directory);
    } catch (error) {
      this.#db.close();
      throw error instanceof CodedError ? error : unusable(file, error);
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/** Who holds a run directory's lock, or held it last. */
export function lockHolder(directory: string): Pick<Holder, 'pid' | 'host'> | undefined {
  const file = path.join(directory, LOCK_FILE);
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: WAIT_MS });
    try {
      return holderOf(db);
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Whoever finds its own name in the file while it holds the lock has it for good. To write the name the lock must be let go for a
 * moment; if another comes in between, one of the two sees the lock taken and gives up.
 */
function acquire(db: Database.Database, directory: string): void {
  const token = randomUUID();
  for (;;) {
    if (begin(db)) {
      if (holderOf(db)?.token === token) return;
      db.exec(
        'CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT, pid INTEGER, host TEXT)',
      );
      db.prepare('INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)').run(token, process.pid, hostname());
      db.exec('COMMIT');
      continue;
    }
    const holder = holderOf(db);
    // The other has the lock, and is about to write its name over ours.
    if (holder?.token === token) continue;
    throw new CodedError(
      'run-directory',
      `${directory} holds a run that is live: ${holder ? `process ${holder.pid} on ${holder.host}` : 'it is about to start'}; stop it first, or choose another directory`,
    );
  }
}

function begin(db: Database.Database): boolean {
  try {
    db.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

function holderOf(db: Database.Database): Holder | undefined {
  const hasTable = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'holder'").get() !== undefined;
  return hasTable ? db.prepare<[], Holder>('SELECT token, pid, host FROM holder').get() : undefined;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function unusable(file: string, error: unknown): CodedError {
  return new CodedError(
    'run-directory',
    `cannot lock the run directory by ${file}: ${messageOf(error)}; if no run is live there, remove that file, and if it comes again, choose a directory on a local disk`,
    { cause: error },
  );
}
