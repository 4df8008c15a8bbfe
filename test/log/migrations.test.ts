import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/log/migrations.ts';
import { LogReader } from '../../src/log/reader.ts';
import { HISTORY, SCHEMA_VERSION } from '../../src/log/schema.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** The log of a finished run that the first version wrote: 120 evaluations of Rastrigin's function, two optimizers. */
const FIRST = path.join(import.meta.dirname, 'fixtures', 'version-1.sqlite');

function firstLog(folder: Folder): Database.Database {
  copyFileSync(FIRST, folder.at('run.sqlite'));
  return new Database(folder.at('run.sqlite'));
}

/** Tables and columns, in the order of their names. */
const shapeOf = (directory: string): readonly unknown[] =>
  query(
    directory,
    `SELECT m.name AS name, c.name AS column, c.type, c."notnull" FROM sqlite_schema m, pragma_table_info(m.name) c
     WHERE m.type = 'table' ORDER BY m.name, c.name`,
  );

it('knows a way from every earlier version to this one', () => {
  expect([...HISTORY.steps.keys()]).toEqual(Array.from({ length: HISTORY.version - 1 }, (_, i) => i + 1));
});

describe('a log of version 1', () => {
  it.each(['DELETE', 'WAL'])('is read in mode %s, and left as it is', (mode) => {
    using folder = new Folder();
    const db = firstLog(folder);
    db.pragma(`journal_mode = ${mode}`);
    db.close();
    const before = readFileSync(folder.at('run.sqlite'));
    using reader = new LogReader(folder.path);
    expect(reader.summary()).toMatchObject({ state: 'finished', evaluations: 120, names: ['x1', 'x2'] });
    expect([...reader.evaluations()]).toHaveLength(120);
    expect(readFileSync(folder.at('run.sqlite'))).toEqual(before);
  });

  it('is brought to this version for good, to the same tables as a new one, whole or not at all', () => {
    using folder = new Folder();
    const db = firstLog(folder);
    const broken = new Map(HISTORY.steps).set(1, `${HISTORY.steps.get(1)}; ALTER TABLE nowhere ADD COLUMN a`);
    expect(() => migrate(db, { version: 2, steps: broken })).toThrow('no such table: nowhere');
    expect(query(folder.path, 'PRAGMA user_version')).toEqual([{ user_version: 1 }]);
    expect(query(folder.path, "SELECT 1 FROM sqlite_schema WHERE name = 'snapshots'")).toEqual([]);
    migrate(db, HISTORY);
    migrate(db, HISTORY);
    db.close();
    using fresh = new Folder();
    new SqliteLog(fresh.at('run.sqlite'), 2).close();
    expect(shapeOf(folder.path)).toEqual(shapeOf(fresh.path));
    expect(query(folder.path, 'PRAGMA user_version')).toEqual([{ user_version: SCHEMA_VERSION }]);
  });

  it('goes on, from snapshots alone as its optimizers are other ones', async () => {
    using folder = new Folder();
    firstLog(folder).close();
    const options = { stop: { 'max-evaluations': 300 }, manager: { containment: 'none' } } as const;
    // CMA-ES asks for other points than it did then: its first versions had no number in the log.
    await using refused = GloMPOManager.resume(folder.path, options);
    await expect(refused.start()).rejects.toMatchObject({
      code: 'replay-mismatch',
      message: expect.stringContaining('with --from-snapshots'),
    });
    await using manager = GloMPOManager.resume(folder.path, { ...options, fromSnapshots: true });
    const result = await manager.start();
    expect(result).toMatchObject({ evaluations: 300, seed: 5 });
    expect(query(folder.path, 'SELECT max(call_id) AS last, count(*) AS rows FROM evaluations')).toEqual([
      { last: 300, rows: 300 },
    ]);
    const resumed = query<{ data: string }>(folder.path, "SELECT data FROM events WHERE type = 'resumed'");
    const facts = resumed.map(({ data }) => JSON.parse(data) as { revived: number[] });
    // Which of them the failed session ended first is chance.
    for (const { revived } of facts) revived.sort((a, b) => a - b);
    expect(facts).toMatchObject([
      { revived: [1, 2], changes: ['stop', 'manager'] },
      { revived: [1, 2], changes: ['stop', 'manager', 'from snapshots'] },
    ]);
  });
});

it('refuses a later version, and one that no step starts from, with both versions', () => {
  using folder = new Folder();
  const db = firstLog(folder);
  const read = () => new LogReader(folder.path);
  db.pragma('user_version = 0');
  expect(read).toThrow(
    `it has schema version 0, and this glompo knows no way from there to ${SCHEMA_VERSION}`,
  );
  db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  expect(read).toThrow(
    `it has schema version ${SCHEMA_VERSION + 1}; this glompo knows up to ${SCHEMA_VERSION}, use a newer one`,
  );
  db.close();
});
