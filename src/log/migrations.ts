import type Database from 'better-sqlite3';
import type { SchemaHistory } from './schema.ts';

/** The version of a log that this glompo can bring to its own. @throws when it cannot */
export function checkVersion(db: Database.Database, { version, steps }: SchemaHistory): number {
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > version)
    throw new Error(`it has schema version ${found}; this glompo knows up to ${version}, use a newer one`);
  for (let from = found; from < version; from++)
    if (!steps.has(from))
      throw new Error(
        `it has schema version ${found}, and this glompo knows no way from there to ${version}`,
      );
  return found;
}

/** Brings a log to the schema of this glompo, step by step, whole or not at all. */
export function migrate(db: Database.Database, history: SchemaHistory): void {
  db.transaction(() => {
    for (let from = checkVersion(db, history); from < history.version; from++) {
      db.exec(history.steps.get(from)!);
      db.pragma(`user_version = ${from + 1}`);
    }
  })();
}
