import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { LogCopies } from '../../src/log/copies.ts';
import { copyLog } from '../../src/log/copy.ts';
import { LogHome } from '../../src/log/home.ts';
import { placeOfLog, removePointer, writePointer } from '../../src/log/place.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

function folderWithRun(): Folder {
  const folder = new Folder();
  mkdirSync(folder.at('run'));
  return folder;
}

function logAt(home: LogHome): SqliteLog {
  const log = new SqliteLog(home.file, 1);
  log.set({ status: 'running', host: hostname(), managerPid: process.pid, startedAt: 1, names: ['a'] });
  return log;
}

function mark(directory: string): unknown {
  using reader = new LogReader(directory);
  return reader.facts()['mark'];
}

/** What another machine would see: the pointer is from elsewhere then. */
function asElsewhere(folder: Folder): void {
  const text = readFileSync(folder.at('run/log.path'), 'utf8');
  folder.write('run/log.path', JSON.stringify({ ...JSON.parse(text), host: 'node17' }));
}

describe('a log in a log directory', () => {
  it('is read there by this machine, as a copy by others, and comes home at the end', async () => {
    using folder = folderWithRun();
    const home = new LogHome(folder.at('run'), folder.at('logs'));
    expect(home.isAway).toBe(true);
    const log = logAt(home);
    log.set({ mark: 1 });
    await copyLog(home.file, folder.at('run/run.sqlite'));
    log.set({ mark: 2 });
    expect(mark(folder.at('run'))).toBe(2);
    expect(query(folder.at('run'), "SELECT value FROM run WHERE key = 'mark'")).toEqual([{ value: '1' }]);
    // No reader of the copy needs to write beside it.
    expect(query(folder.at('run'), 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }]);
    const pointer = readFileSync(folder.at('run/log.path'), 'utf8');
    asElsewhere(folder);
    expect(mark(folder.at('run'))).toBe(1);
    expect(placeOfLog(folder.at('run'))).toEqual({
      file: folder.at('run/run.sqlite'),
      copyOf: { host: 'node17', directory: home.directory },
    });
    folder.write('run/log.path', pointer);
    log.close();
    await home[Symbol.asyncDispose]();
    expect(readdirSync(folder.at('run'))).toEqual(['run.sqlite']);
    expect(readdirSync(folder.at('logs'))).toEqual([]);
    expect(mark(folder.at('run'))).toBe(2);
  });

  it('that was lost is its copy; that has none yet is told of', async () => {
    using folder = folderWithRun();
    const home = new LogHome(folder.at('run'), folder.at('logs'));
    using log = logAt(home);
    log.set({ mark: 1 });
    asElsewhere(folder);
    expect(() => new LogReader(folder.at('run'))).toThrow(
      `there is no run log at ${folder.at('run/run.sqlite')} yet: it is in ${home.directory} on node17`,
    );
    await copyLog(home.file, folder.at('run/run.sqlite'));
    rmSync(folder.at('logs'), { recursive: true });
    expect(mark(folder.at('run'))).toBe(1);
  });

  it('is found from a run directory that was moved, not from one that was copied', () => {
    using folder = folderWithRun();
    const home = new LogHome(folder.at('run'), folder.at('logs'));
    logAt(home).close();
    cpSync(folder.at('run'), folder.at('copied'), { recursive: true });
    expect(placeOfLog(folder.at('copied'))).toEqual({ file: folder.at('copied/run.sqlite') });
    // So that nobody who clears the copy removes the log of the run.
    removePointer(folder.at('copied'));
    expect(existsSync(home.file)).toBe(true);
    renameSync(folder.at('run'), folder.at('moved'));
    expect(placeOfLog(folder.at('moved'))).toEqual({ file: home.file });
    removePointer(folder.at('moved'));
    expect(existsSync(home.directory)).toBe(false);
  });

  it.each(['', 'text', '{}', 'null', '[1]', '{"host":1,"directory":"/x"}', '{"host":"a","directory":"x"}'])(
    'is not looked for where a pointer says %j',
    (text) => {
      using folder = folderWithRun();
      folder.write('run/log.path', text);
      expect(placeOfLog(folder.at('run'))).toEqual({ file: folder.at('run/run.sqlite') });
    },
  );

  it('is removed with nothing else that is in its directory', () => {
    using folder = folderWithRun();
    folder.write('else/run.sqlite', '');
    folder.write('else/mine', '');
    writePointer(folder.at('run'), folder.at('else'));
    removePointer(folder.at('run'));
    expect(readdirSync(folder.at('else'))).toEqual(['mine']);
    expect(readdirSync(folder.at('run'))).toEqual([]);
  });

  it('that somebody removes while it is written to is told of at the end', async () => {
    using folder = folderWithRun();
    const home = new LogHome(folder.at('run'), folder.at('logs'));
    const log = logAt(home);
    log.set({ mark: 1 });
    await copyLog(home.file, folder.at('run/run.sqlite'));
    rmSync(folder.at('logs'), { recursive: true });
    log.close();
    await expect(home[Symbol.asyncDispose]()).rejects.toThrow(
      `the run log ${home.file} is gone: somebody removed it while the run went on; what is left is the last copy, in ${folder.at('run')}`,
    );
    expect(mark(folder.at('run'))).toBe(1);
  });

  it('that was never made leaves nothing', async () => {
    using folder = folderWithRun();
    await new LogHome(folder.at('run'), folder.at('logs'))[Symbol.asyncDispose]();
    expect(readdirSync(folder.at('run'))).toEqual([]);
    expect(readdirSync(folder.at('logs'))).toEqual([]);
  });

  it('is refused where nothing can be written', () => {
    using folder = folderWithRun();
    folder.write('file', '');
    expect(() => new LogHome(folder.at('run'), folder.at('file/logs'))).toThrow(
      `cannot keep the run log in manager.logDir ${folder.at('file/logs')}: ENOTDIR`,
    );
  });
});

describe('a copy of a log', () => {
  it('is as of one moment while the log is written to, and whole at any time', async () => {
    using folder = folderWithRun();
    const home = new LogHome(folder.at('run'));
    expect(home.isAway).toBe(false);
    using log = logAt(home);
    log.set({ filling: 'x'.repeat(4_000_000), mark: 1 });
    mkdirSync(folder.at('copy'));
    new SqliteLog(folder.at('copy/run.sqlite'), 1).close();
    let rounds = 0;
    await copyLog(home.file, folder.at('copy/run.sqlite'), () => {
      log.set({ mark: ++rounds + 1 });
      // What is there is another's until this one is whole.
      expect(query(folder.at('copy'), 'SELECT * FROM run')).toEqual([]);
      return false;
    });
    expect(rounds).toBeGreaterThan(5);
    expect(mark(folder.at('copy'))).toBe(1);
    expect(query(folder.at('copy'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(readdirSync(folder.at('copy'))).toEqual(['run.sqlite']);
  });

  it('that is given up leaves the one before', async () => {
    using folder = folderWithRun();
    using log = logAt(new LogHome(folder.at('run')));
    log.set({ filling: 'x'.repeat(4_000_000), mark: 1 });
    folder.write('copy/run.sqlite', 'the one before');
    await expect(
      copyLog(folder.at('run/run.sqlite'), folder.at('copy/run.sqlite'), () => true),
    ).rejects.toThrow('given up');
    expect(readdirSync(folder.at('copy'))).toEqual(['run.sqlite']);
    expect(folder.read('copy/run.sqlite')).toBe('the one before');
  });

  it('is made of the log of a manager that was killed', async () => {
    using folder = folderWithRun();
    const log = logAt(new LogHome(folder.at('run')));
    log.set({ mark: 7 });
    // The database and its WAL as they stand.
    cpSync(folder.at('run'), folder.at('killed'), { recursive: true });
    log.close();
    await copyLog(folder.at('killed/run.sqlite'), folder.at('home.sqlite'));
    const db = new Database(folder.at('home.sqlite'), { readonly: true });
    expect(db.prepare("SELECT value FROM run WHERE key = 'mark'").get()).toEqual({ value: '7' });
    db.close();
  });
});

describe('copies on a schedule', () => {
  it('are made at once and again after so many seconds, and a failure is told once', async () => {
    using folder = folderWithRun();
    const clock = new VirtualClock();
    const home = new LogHome(folder.at('run'), folder.at('logs'));
    using log = logAt(home);
    log.set({ mark: 1 });
    const failures: string[] = [];
    const copies = new LogCopies({
      file: home.file,
      runDir: folder.at('run'),
      everySeconds: 60,
      clock,
      onFailure: (message) => failures.push(message),
    });
    const later = async (): Promise<void> => {
      const until = clock.elapsed() + 60_000;
      while (clock.elapsed() < until) clock.step();
      await copies.copied;
    };
    const copied = (): unknown => query(folder.at('run'), "SELECT value FROM run WHERE key = 'mark'");
    await copies.copied;
    expect(copied()).toEqual([{ value: '1' }]);
    log.set({ mark: 2 });
    await later();
    expect(copied()).toEqual([{ value: '2' }]);
    renameSync(folder.at('run'), folder.at('moved'));
    await later();
    await later();
    expect(failures).toEqual([expect.stringContaining(`cannot copy the run log to ${folder.at('run')}: `)]);
    expect(failures[0]).toContain(`the run goes on with the log in ${home.file}, and tries again every 60 s`);
    renameSync(folder.at('moved'), folder.at('run'));
    log.set({ mark: 3 });
    await later();
    expect(copied()).toEqual([{ value: '3' }]);
    await copies[Symbol.asyncDispose]();
    expect(clock.step()).toBe(false);
    expect(failures).toHaveLength(1);
  });
});
