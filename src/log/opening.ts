import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { CodedError } from '../core/errors.ts';
import { checkVersion, migrate } from './migrations.ts';
import type { LogPlace } from './place.ts';
import { openReadOnly } from './read-only.ts';
import { APPLICATION_ID, HISTORY, type SchemaHistory } from './schema.ts';

/**
 * Opens a log to read it, and leaves the file as it is.
 *
 * @throws when there is none, it is not a log of glompo that this version knows, or what there is is not all of it; see `withLog`
 */
export function openToRead(place: LogPlace, history: SchemaHistory = HISTORY): Database.Database {
  const { file } = place;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new CodedError('log-unusable', missing(place));
  // To open a pipe would wait for somebody to write to it.
  if (!stats.isFile()) throw new Error('it is not a file');
  if (stats.size === 0)
    throw new Error('it is empty: its manager was killed as it began; start the run again, with --overwrite');
  const db = openReadOnly(file);
  try {
    const application = db.pragma('application_id', { simple: true });
    if (application !== APPLICATION_ID) throw new Error('it is a SQLite file, but not a run log of glompo');
    refuseIfCutOff(db, file);
    if (checkVersion(db, history) === history.version) return db;
    const copy = inMemory(db);
    db.close();
    migrate(copy, history);
    return copy;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Of a log of an earlier version: it takes as long, and as much memory, as the log is large, and whoever looks does so often. */
let copy: { readonly stamp: string; readonly db: Database.Database } | undefined;

/** Opens a log for one question, see `openToRead`, and leaves it closed: at its end a run folds it into one file, which no reader may hold then. */
export function look<Answer>(place: LogPlace, question: (db: Database.Database) => Answer): Answer {
  const stamp = `${place.file} ${stampOf(place.file)}`;
  const kept = copy?.stamp === stamp ? copy.db : undefined;
  const db = kept ?? openToRead(place);
  if (db.memory && db !== kept) {
    copy?.db.close();
    copy = { stamp, db };
  }
  try {
    return question(db);
  } finally {
    if (!db.memory) db.close();
    else if (db.inTransaction) db.exec('ROLLBACK');
  }
}

/** Changes whenever something is written to a log; also says so when there is none. */
export function stampOf(file: string): string {
  return [file, `${file}-wal`]
    .map((one) => {
      const stats = statSync(one, { bigint: true, throwIfNoEntry: false });
      return stats ? `${stats.ino}:${stats.mtimeNs}:${stats.size}` : '-';
    })
    .join(' ');
}

function missing({ file, copyOf: away }: LogPlace): string {
  if (away) return `there is no run log at ${file} yet: it is in ${away.directory} on ${away.host}`;
  return existsSync(`${file}-wal`)
    ? `there is no run log at ${file}, only its write-ahead log ${file}-wal, which is nothing without it: bring the two together`
    : `there is no run log at ${file}`;
}

/** In memory: who only reads leaves the file as it is. */
function inMemory(db: Database.Database): Database.Database {
  const bytes = db.serialize();
  // What is in memory cannot have a WAL; its content is in the bytes already. https://sqlite.org/fileformat2.html#file_format_version_numbers
  bytes.fill(1, 18, 20);
  return new Database(bytes);
}

/** SQLite itself notices only when it comes to a page that is missing. In WAL mode the missing ones may be in the WAL. */
function refuseIfCutOff(db: Database.Database, file: string): void {
  const [pages, pageSize, mode] = ['page_count', 'page_size', 'journal_mode'].map((name) =>
    db.pragma(name, { simple: true }),
  );
  // Looked at last: the run may end, and so fill the file, in between.
  const { size } = statSync(file);
  const whole = Number(pages) * Number(pageSize);
  if (mode !== 'wal' && size < whole) throw new Error(`it is cut off: ${size} bytes are left of ${whole}`);
}
