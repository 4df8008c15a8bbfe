import path from 'node:path';
import { openReadOnly } from '../../src/log/read-only.ts';

/** All rows of a query on the log in a run directory, by a connection of its own. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what its query selects
export function query<Row>(directory: string, sql: string): readonly Row[] {
  const db = openReadOnly(path.join(directory, 'run.sqlite'));
  try {
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}
