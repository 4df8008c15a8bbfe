import path from 'node:path';
import Database from 'better-sqlite3';

/** Asks the log of a run that is over. @param dir the run's */
export function askLog<Answer>(dir: string, ask: (db: Database.Database) => Answer): Answer {
  const db = new Database(path.join(dir, 'run.sqlite'), { readonly: true });
  try {
    return ask(db);
  } finally {
    db.close();
  }
}
