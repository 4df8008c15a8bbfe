import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it, afterAll } from 'vitest';
import { statusText } from '../../src/cli/status.ts';
import { CodedError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { canMount, SmallDisk } from '../support/small-disk.ts';

const EVALUATIONS = 2000;

let source: Folder;
/** The log of a run that ended, and of the same run as it went on: the database and its WAL. */
let ended: Buffer;
let live: { readonly log: Buffer; readonly wal: Buffer };

beforeAll(async () => {
  source = new Folder();
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension: 4 },
    optimizers: ['cma-es', 'random'],
    stop: { 'max-evaluations': EVALUATIONS },
    manager: { maxJobs: 3, backend: 'inline', containment: 'none', seed: 1 },
    dir: source.at('run'),
  });
  manager.events$.subscribe(({ type }) => {
    if (type === 'run-ended')
      live = {
        log: readFileSync(source.at('run/run.sqlite')),
        wal: readFileSync(source.at('run/run.sqlite-wal')),
      };
  });
  await manager.start();
  ended = readFileSync(source.at('run/run.sqlite'));
});
afterAll(() => {
  source[Symbol.dispose]();
});

/** What reading all of a log comes to: a figure, or the one error that there is. Anything else is thrown on. */
function read(directory: string): number | string {
  try {
    using reader = new LogReader(directory);
    using _ = reader.snapshot();
    for (const { x } of reader.evaluations()) expect(x).toBeInstanceOf(Float64Array);
    return reader.summary().evaluations;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'log-unusable') throw error;
    expect(error.message).toContain(`${directory}/run.sqlite`);
    return error.message;
  }
}

/** What `glompo status` says, without a process of its own. */
function status(directory: string): string {
  try {
    return statusText(directory, true) && statusText(directory, false);
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'log-unusable') throw error;
    return error.message;
  }
}

function truncated(bytes: Buffer, random: RandomStream): Buffer {
  return bytes.subarray(0, random.integer(bytes.length));
}

/** Up to 30 bits, half the time all in the pages that hold the schema and the facts. */
function flipped(bytes: Buffer, random: RandomStream): Buffer {
  const damaged = Buffer.from(bytes);
  const end = random.uniform() < 0.5 ? bytes.length : Math.min(bytes.length, 40_000);
  for (let left = 1 + random.integer(30); left > 0; left--)
    damaged[random.integer(end)]! ^= 1 << random.integer(8);
  return damaged;
}

describe('a damaged log', () => {
  it.each([
    ['cut off', truncated],
    ['with flipped bits', flipped],
  ] as const)('of a run that ended, %s, is refused or read', (_, damage) => {
    using folder = new Folder();
    const random = RandomStream.at(7, 'damage');
    const outcomes: (number | string)[] = [];
    for (let round = 0; round < 100; round++) {
      writeFileSync(folder.at('run.sqlite'), damage(ended, random));
      outcomes.push(read(folder.path));
      status(folder.path);
    }
    expect(outcomes.some((outcome) => typeof outcome === 'string')).toBe(true);
    // Nothing of a file that was cut off is taken for the whole.
    if (damage === flipped) expect(outcomes).toContain(EVALUATIONS);
    else expect(outcomes.every((outcome) => typeof outcome === 'string')).toBe(true);
  });

  it.each([
    ['cut off', truncated],
    ['with flipped bits', flipped],
  ] as const)('of a run that was killed, its WAL %s, gives what was committed before', (_, damage) => {
    using folder = new Folder();
    const random = RandomStream.at(8, 'damage');
    for (let round = 0; round < 40; round++) {
      writeFileSync(folder.at('run.sqlite'), live.log);
      writeFileSync(folder.at('run.sqlite-wal'), damage(live.wal, random));
      const outcome = read(folder.path);
      expect(typeof outcome === 'string' || outcome <= EVALUATIONS).toBe(true);
      status(folder.path);
      for (const file of ['run.sqlite-shm', 'run.sqlite-wal']) folder.remove(file);
    }
  });

  it('is not cut off without its WAL: what is in the database is read, or refused when that is nothing', () => {
    using folder = new Folder();
    writeFileSync(folder.at('run.sqlite'), live.log);
    const outcome = read(folder.path);
    if (typeof outcome === 'number') expect(outcome).toBeLessThanOrEqual(EVALUATIONS);
    else expect(outcome).toMatch(/not a run log of glompo|nothing in it/);
  });
});

describe('what is no log', () => {
  const cases: readonly (readonly [string, (folder: Folder) => void, string])[] = [
    ['nothing', () => {}, 'there is no run log at'],
    [
      'a WAL alone',
      (folder) => writeFileSync(folder.at('run.sqlite-wal'), live.wal),
      'run.sqlite, only its write-ahead log',
    ],
    ['an empty file', (folder) => folder.write('run.sqlite', ''), 'it is empty'],
    ['a text', (folder) => folder.write('run.sqlite', 'text '.repeat(99)), 'file is not a database'],
    ['a directory', (folder) => mkdirSync(folder.at('run.sqlite')), 'it is not a file'],
    ['a pipe', (folder) => execFileSync('mkfifo', [folder.at('run.sqlite')]), 'it is not a file'],
  ];

  it.each(cases)('%s, is refused', (_, make, message) => {
    using folder = new Folder();
    make(folder);
    expect(read(folder.path)).toContain(message);
    expect(status(folder.path)).toContain(message);
  });

  it('ends `glompo status` with code 2 and one line', async () => {
    using folder = new Folder();
    folder.write('run.sqlite', 'text '.repeat(99));
    expect(await runCli(['status', '.'], folder.path)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'glompo: cannot read the run log run.sqlite: file is not a database',
    });
    const page = Buffer.from(ended);
    page.fill(0xff, 4096 * 2);
    writeFileSync(folder.at('run.sqlite'), page);
    const { exitCode, stderr } = await runCli(['status', '.'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^glompo: cannot read the run log run.sqlite: it is damaged \(.*\)$/);
  });
});

it('is not made of a write-ahead log alone, and that is not removed unasked', async () => {
  using folder = new Folder();
  folder.write('c.yaml', 'task: { benchmark: sphere, dimension: 1 }\nstop: { max-evaluations: 10 }\n');
  mkdirSync(folder.at('run'));
  writeFileSync(folder.at('run/run.sqlite-wal'), live.wal);
  const args = ['run', 'c.yaml', '--dir', 'run', '--json', '--set', 'manager.backend=inline'];
  expect(await runCli(args, folder.path)).toMatchObject({
    exitCode: 2,
    stderr: `glompo: ${folder.at('run')} holds a run already (${folder.at('run/run.sqlite-wal')} is left of it); choose another directory, or say --overwrite`,
  });
  expect(readFileSync(folder.at('run/run.sqlite-wal')).equals(live.wal)).toBe(true);
  expect(await runCli([...args, '--overwrite'], folder.path)).toMatchObject({ exitCode: 0 });
});

describe.skipIf(!canMount)('on a disk that cannot be written', () => {
  it('the log of a run that ended is read; that of one that did not is not, with what to do', async () => {
    using disk = new SmallDisk('8m');
    for (const name of ['ended', 'killed']) mkdirSync(disk.at(name));
    writeFileSync(disk.at('ended/run.sqlite'), ended);
    writeFileSync(disk.at('killed/run.sqlite'), live.log);
    writeFileSync(disk.at('killed/run.sqlite-wal'), live.wal);
    disk.freeze();
    expect(read(disk.at('ended'))).toBe(EVALUATIONS);
    const table = await runCli(['export', 'ended', '--format', 'csv'], disk.path);
    expect(table.stdout.split('\n')).toHaveLength(EVALUATIONS + 1);
    expect(status(disk.at('killed'))).toMatch(
      /; the log of a run that did not end needs a directory that can be written: copy the directory to one$/,
    );
  });

  it('a run is refused with one line, with --overwrite too', async () => {
    using disk = new SmallDisk('8m');
    mkdirSync(disk.at('run'));
    writeFileSync(disk.at('run/run.sqlite'), ended);
    disk.freeze();
    using folder = new Folder();
    folder.write('c.yaml', 'task: { benchmark: sphere, dimension: 1 }\n');
    for (const directory of ['run', 'new']) {
      const args = ['run', 'c.yaml', '--dir', disk.at(directory), '--overwrite'];
      const { exitCode, stderr } = await runCli(args, folder.path);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^glompo: cannot write to the run directory [^\n]*: EROFS[^\n]*$/);
    }
    expect(read(disk.at('run'))).toBe(EVALUATIONS);
  });
});

describe('a clock that was set back', () => {
  it('is told of by `status`, and hinders nothing', () => {
    using folder = new Folder();
    writeFileSync(folder.at('run.sqlite'), ended);
    const db = new Database(folder.at('run.sqlite'));
    db.exec("UPDATE run SET value = '2000000000000' WHERE key = 'startedAt'");
    db.exec("UPDATE run SET value = '1999999990000' WHERE key = 'endedAt'");
    db.exec('UPDATE evaluations SET started_at = started_at - call_id * 1e6');
    db.close();
    expect(statusText(folder.path, false)).toMatch(
      /^seconds {6}unknown: a clock was set back by 10\.0 s or more after the run began$/m,
    );
    expect(read(folder.path)).toBe(EVALUATIONS);
  });

  it('keeps nobody out for longer than is said', async () => {
    using folder = new Folder();
    const log = new SqliteLog(folder.at('run.sqlite'), 2);
    log.set({ status: 'running', host: 'node17', managerPid: 1 });
    log.close();
    const inAnHour = Date.now() / 1000 + 3600;
    utimesSync(folder.at('run.sqlite'), inAnHour, inAnHour);
    await expect(
      new GloMPOManager({
        task: { benchmark: 'ackley', dimension: 2 },
        manager: { backend: 'inline', containment: 'none' },
        dir: folder.path,
        overwrite: true,
      }).start(),
    ).rejects.toThrow(
      /is live on node17: its log is dated \d+ s in the future \(the clock of one of the machines is wrong\); .* if it was killed, try again when the clocks agree$/,
    );
  });
});

it('reads the log of a run that ended from a file and a directory that cannot be written', async () => {
  using folder = new Folder();
  mkdirSync(folder.at('run'));
  copyFileSync(source.at('run/run.sqlite'), folder.at('run/run.sqlite'));
  execFileSync('chmod', ['-R', 'a-w', folder.at('run')]);
  expect(read(folder.at('run'))).toBe(EVALUATIONS);
  execFileSync('chmod', ['-R', 'u+w', folder.at('run')]);
});
