import { accessSync, constants } from 'node:fs';
import Database from 'better-sqlite3';
import { CodedError, messageOf } from '../core/errors.ts';
import { migrate } from './migrations.ts';
import { LogReader } from './reader.ts';
import { APPLICATION_ID, HISTORY, PAGE_BYTES, SCHEMA, SCHEMA_2, SCHEMA_VERSION } from './schema.ts';

type Durability = 'commit' | 'full';

/**
 * How long the write-ahead log becomes before SQLite folds in, within a commit, what `folding.ts` has left of it, and begins it anew. It is four times
 * what is folded there at once, so that little of it is left.
 */
const LARGEST_WAL_BYTES = 64 * 2 ** 20;

/** Makes a log that has nothing in it. @throws {CodedError} `log-unusable` */
export function createDatabase(file: string, durability: Durability): Database.Database {
  return open(file, 'make', (db) => {
    db.pragma(`page_size = ${PAGE_BYTES}`);
    prepareToWrite(db, durability);
    db.transaction(() => {
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
      db.exec(SCHEMA + SCHEMA_2);
    })();
  });
}

/** Opens a log to go on with it, in the schema of this glompo. @throws {CodedError} `log-unusable` */
export function openDatabase(file: string, durability: Durability): Database.Database {
  // Finds out whether it is one at all, and whole.
  new LogReader(file)[Symbol.dispose]();
  return open(file, 'write to', (db) => {
    // SQLite would say so with the first transaction, and not which file it is.
    accessSync(file, constants.W_OK);
    prepareToWrite(db, durability);
    migrate(db, HISTORY);
  });
}

function open(file: string, what: string, prepare: (db: Database.Database) => void): Database.Database {
  try {
    const db = new Database(file);
    try {
      prepare(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw new CodedError('log-unusable', `cannot ${what} the run log ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function prepareToWrite(db: Database.Database, durability: Durability): void {
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  db.pragma(`wal_autocheckpoint = ${LARGEST_WAL_BYTES / pageBytes}`);
  // Views and `status` read without locks that block; a copy of the file by a backup tool may hold it for a moment.
  db.pragma('busy_timeout = 5000');
}
