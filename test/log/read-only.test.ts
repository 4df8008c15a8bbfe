import { copyFileSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { BenchLog } from '../../src/log/bench-log.ts';
import { openReadOnly } from '../../src/log/read-only.ts';
import { Folder } from '../support/folder.ts';

/** Copies a file as a process leaves it that is killed within a transaction. */
function killedWithin(file: string, copy: string): void {
  using db = closing(new Database(file));
  // Pages that have no place in the cache are written, and before them what they were goes into the journal.
  db.pragma('cache_size = 1');
  db.exec('BEGIN; CREATE TABLE large (x)');
  const insert = db.prepare('INSERT INTO large VALUES (zeroblob(3000))');
  for (let k = 0; k < 50; k++) insert.run();
  for (const end of ['', '-journal']) copyFileSync(file + end, copy + end);
}

function closing(db: Database.Database): Database.Database & Disposable {
  return Object.assign(db, { [Symbol.dispose]: () => db.close() });
}

describe('a SQLite file whose writer was killed within a transaction', () => {
  it('is read as it was before it', () => {
    using folder = new Folder();
    new Database(folder.at('a')).exec('CREATE TABLE small (x); INSERT INTO small VALUES (1)').close();
    killedWithin(folder.at('a'), folder.at('b'));
    expect(existsSync(folder.at('b-journal'))).toBe(true);
    using db = closing(openReadOnly(folder.at('b')));
    expect(db.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['small']);
    expect(() => db.exec('DELETE FROM small')).toThrow(/readonly/);
  });

  it('is a bench that can be reported', () => {
    using folder = new Folder();
    for (const directory of ['a', 'b']) folder.write(`${directory}/keep`, '');
    {
      using log = new BenchLog(folder.at('a'), 'write');
      log.setFacts({ suite: 'bbob' });
    }
    killedWithin(folder.at('a/bench.sqlite'), folder.at('b/bench.sqlite'));
    using log = new BenchLog(folder.at('b'), 'read');
    expect(log.facts()).toEqual({ suite: 'bbob' });
  });
});
