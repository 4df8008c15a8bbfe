import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { HISTORY, migrate, type SchemaHistory } from '../../src/log/migrations.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** There has been one schema so far, so here is an earlier one: it called a column otherwise, and had no `failed`. */
const TO_EARLIER = `
ALTER TABLE run RENAME COLUMN value TO json;
ALTER TABLE optimizers DROP COLUMN failed;
PRAGMA user_version = 0;`;

const history: SchemaHistory = {
  version: 1,
  steps: new Map([
    [
      0,
      `ALTER TABLE run RENAME COLUMN json TO value;
       ALTER TABLE optimizers ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;`,
    ],
  ]),
};

function earlierLog(folder: Folder): Database.Database {
  const log = new SqliteLog(folder.at('run.sqlite'), 1);
  log.set({ status: 'finished', startedAt: 5, names: ['a'] });
  log.close();
  const db = new Database(folder.at('run.sqlite'));
  db.exec(TO_EARLIER);
  return db;
}

it('knows a way from every earlier version to this one', () => {
  expect([...HISTORY.steps.keys()]).toEqual(Array.from({ length: HISTORY.version - 1 }, (_, i) => i + 1));
});

it.each(['DELETE', 'WAL'])('reads an earlier log in mode %s, and leaves its file as it is', (mode) => {
  using folder = new Folder();
  const db = earlierLog(folder);
  db.pragma(`journal_mode = ${mode}`);
  db.close();
  const before = folder.read('run.sqlite');
  using reader = new LogReader(folder.path, history);
  expect(reader.summary()).toMatchObject({ state: 'finished', names: ['a'], startedAt: 5 });
  expect(folder.read('run.sqlite')).toBe(before);
});

it('brings an earlier log to this version for good, whole or not at all', () => {
  using folder = new Folder();
  const db = earlierLog(folder);
  const broken = new Map(history.steps).set(0, `${history.steps.get(0)}; ALTER TABLE nowhere ADD COLUMN a`);
  expect(() => migrate(db, { version: 1, steps: broken })).toThrow('no such table: nowhere');
  expect(query(folder.path, 'PRAGMA user_version')).toEqual([{ user_version: 0 }]);
  expect(query(folder.path, "SELECT json FROM run WHERE key = 'startedAt'")).toEqual([{ json: '5' }]);
  migrate(db, history);
  migrate(db, history);
  db.close();
  using reader = new LogReader(folder.path);
  expect(reader.summary().startedAt).toBe(5);
});

it('refuses a later version, and one that no step starts from, with both versions', () => {
  using folder = new Folder();
  const db = earlierLog(folder);
  const read = () => new LogReader(folder.path);
  expect(read).toThrow('it has schema version 0, and this glompo knows no way from there to 1');
  db.pragma('user_version = 2');
  expect(read).toThrow('it has schema version 2; this glompo knows up to 1, use a newer one');
  db.close();
});
