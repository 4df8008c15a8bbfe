import { copyFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { look } from '../../src/log/opening.ts';
import { placeOfLog } from '../../src/log/place.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { Folder } from '../support/folder.ts';

const FIRST = path.join(import.meta.dirname, 'fixtures', 'version-1.sqlite');

describe('a look into a log', () => {
  it('copies a log of an earlier version once, and again when it has changed', () => {
    using folder = new Folder();
    const file = folder.at('run.sqlite');
    copyFileSync(FIRST, file);
    const place = placeOfLog(folder.path);
    const first = look(place, (db) => {
      db.exec('BEGIN');
      return db;
    });
    expect(first.inTransaction).toBe(false);
    expect(look(place, (db) => db)).toBe(first);
    expect(look(place, (db) => db.prepare('SELECT count(*) FROM evaluations').pluck().get())).toBeGreaterThan(
      0,
    );
    utimesSync(file, 1, 1);
    expect(look(place, (db) => db)).not.toBe(first);
    expect(first.open).toBe(false);
  });

  it('keeps no other log open', () => {
    using folder = new Folder();
    new SqliteLog(folder.at('run.sqlite'), 2).close();
    expect(look(placeOfLog(folder.path), (db) => db).open).toBe(false);
  });
});
