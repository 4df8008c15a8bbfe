import { hostname } from 'node:os';
import { utimesSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ago, writerElsewhere } from '../../src/log/elsewhere.ts';
import type { FilesystemProbe } from '../../src/log/filesystem.ts';
import { lockHolder, RunLock } from '../../src/log/lock.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { Folder } from '../support/folder.ts';

const network: FilesystemProbe = () => ({ type: 'nfs', isNetwork: true });
const local: FilesystemProbe = () => ({ type: 'local', isNetwork: false });

/** A log that is open, by a manager that holds the lock on a machine. */
function liveLog(folder: Folder, host: string): SqliteLog {
  new RunLock(folder.path)[Symbol.dispose]();
  const lock = new Database(folder.at('run.lock'));
  lock.prepare('UPDATE holder SET host = ?').run(host);
  lock.close();
  const log = new SqliteLog(folder.at('run.sqlite'), 1);
  log.set({ status: 'running', host, managerPid: process.pid, startedAt: 1, names: ['a'] });
  return log;
}

function read(folder: Folder, probe: FilesystemProbe): string {
  using reader = new LogReader(folder.path, undefined, probe);
  return reader.summary().state;
}

/** All that is there was last written so long ago. */
function age(folder: Folder, seconds: number): void {
  const at = Date.now() / 1000 - seconds;
  for (const file of ['run.sqlite', 'run.sqlite-wal']) utimesSync(folder.at(file), at, at);
}

describe('a live log on a network filesystem', () => {
  it('is not opened from another machine, which is told the way out', () => {
    using folder = new Folder();
    using _ = liveLog(folder, 'node17');
    expect(lockHolder(folder.path)).toMatchObject({ host: 'node17' });
    expect(() => read(folder, network)).toThrow(
      `cannot read the run log ${folder.at('run.sqlite')} from ${hostname()}: node17 writes it at this moment, and SQLite's write-ahead log on a network filesystem (nfs) is safe for one machine alone; do this on node17, or start runs with manager.logDir on a local disk`,
    );
  });

  it('is read on the machine that writes it', () => {
    using folder = new Folder();
    using _ = liveLog(folder, hostname());
    expect(read(folder, network)).toBe('running');
  });

  it('is read from another machine when it has been silent for a minute, or is on no network filesystem', () => {
    using folder = new Folder();
    using _ = liveLog(folder, 'node17');
    expect(read(folder, local)).toBe('running');
    age(folder, 61);
    expect(read(folder, network)).toBe('running');
  });

  it('is read from anywhere when it has ended', () => {
    using folder = new Folder();
    liveLog(folder, 'node17').close();
    expect(read(folder, network)).toBe('running');
    expect(writerElsewhere(folder.path)).toBeUndefined();
  });

  it('counts as live when it is dated in the future, and says so', () => {
    using folder = new Folder();
    using _ = liveLog(folder, 'node17');
    age(folder, -3600);
    const { silentMs } = writerElsewhere(folder.path)!;
    expect(ago(silentMs)).toMatch(
      /^is dated \d+ s in the future \(the clock of one of the machines is wrong\)$/,
    );
    expect(ago(-10)).toBe('was written 0 s ago');
    expect(ago(5400)).toBe('was written 5 s ago');
  });
});
