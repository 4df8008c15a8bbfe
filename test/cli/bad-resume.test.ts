import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GlompoError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { canMount, SmallDisk } from '../support/small-disk.ts';

const EVALUATIONS = 400;
/** Logs with flipped bits. */
const DAMAGES = Number(process.env['GLOMPO_DAMAGES'] ?? 40);

let source: Folder;
let ended: Buffer;
let live: { readonly log: Buffer; readonly wal: Buffer };

beforeAll(async () => {
  source = new Folder();
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension: 3 },
    optimizers: ['cma-es', 'random'],
    stop: { 'max-evaluations': EVALUATIONS },
    hunters: 'none',
    manager: { maxJobs: 2, backend: 'inline', containment: 'none', seed: 1 },
    dir: source.at('run'),
  });
  manager.events$.subscribe(({ type }) => {
    if (type === 'run-ended')
      live = { log: source.bytes('run/run.sqlite'), wal: source.bytes('run/run.sqlite-wal') };
  });
  await manager.start();
  ended = source.bytes('run/run.sqlite');
});
afterAll(() => {
  source[Symbol.dispose]();
});

const MORE = ['--json', '--set', `stop.max-evaluations=${EVALUATIONS + 50}`];

/** What a resume of a run directory comes to: one line and an exit code, or how many evaluations it ended with. */
async function resume(directory: string): Promise<string | number> {
  await using manager = GloMPOManager.resume(directory, { stop: { 'max-evaluations': EVALUATIONS + 50 } });
  try {
    return (await manager.start()).evaluations;
  } catch (error) {
    // Anything else would be shown with a stack trace.
    if (!(error instanceof GlompoError)) throw error;
    return error.message;
  }
}

describe('a log that is damaged', () => {
  it('by flipped bits, is refused in so many words, or goes on with all that it has', async () => {
    const random = RandomStream.at(11, 'bad resume');
    const outcomes: (string | number)[] = [];
    for (let round = 0; round < DAMAGES; round++) {
      using folder = new Folder();
      const damaged = Buffer.from(ended);
      const end = random.uniform() < 0.5 ? damaged.length : Math.min(damaged.length, 40_000);
      for (let left = 1 + random.integer(20); left > 0; left--)
        damaged[random.integer(end)]! ^= 1 << random.integer(8);
      writeFileSync(folder.at('run.sqlite'), damaged);
      const outcome = await resume(folder.path);
      outcomes.push(outcome);
      if (typeof outcome === 'number') {
        // Never a silent restart: what was there before is there still.
        expect(query(folder.path, 'SELECT count(*) AS n FROM evaluations')).toEqual([{ n: outcome }]);
        expect(outcome).toBeGreaterThanOrEqual(EVALUATIONS);
      } else expect(outcome.split('\n').length, outcome).toBeLessThan(12);
    }
    expect(outcomes.some((outcome) => typeof outcome === 'string')).toBe(true);
    expect(outcomes).toContain(EVALUATIONS + 50);
  }, 3_600_000);

  it('by being cut off, is refused', async () => {
    const random = RandomStream.at(12, 'bad resume');
    for (let round = 0; round < 20; round++) {
      using folder = new Folder();
      writeFileSync(folder.at('run.sqlite'), ended.subarray(0, random.integer(ended.length)));
      expect(await resume(folder.path)).toMatch(/^cannot read the run log \S+: /);
    }
  });
});

describe('glompo resume', () => {
  const cases: readonly (readonly [string, (folder: Folder) => void, RegExp])[] = [
    ['nothing', () => {}, /there is no run log at \S+$/],
    [
      'an empty log',
      (folder) => folder.write('run/run.sqlite', ''),
      /cannot read the run log \S+: it is empty: its manager was killed as it began/,
    ],
    ['a text', (folder) => folder.write('run/run.sqlite', 'text '.repeat(99)), /file is not a database$/],
    [
      'another program’s database',
      (folder) => {
        mkdirSync(folder.at('run'));
        const db = new Database(folder.at('run/run.sqlite'));
        db.exec('CREATE TABLE run (key, value)');
        db.close();
      },
      /it is a SQLite file, but not a run log of glompo$/,
    ],
    [
      'a WAL without its database',
      (folder) => {
        mkdirSync(folder.at('run'));
        writeFileSync(folder.at('run/run.sqlite-wal'), live.wal);
      },
      /only its write-ahead log \S+, which is nothing without it: bring the two together$/,
    ],
    [
      'a log of a newer glompo',
      (folder) => {
        mkdirSync(folder.at('run'));
        writeFileSync(folder.at('run/run.sqlite'), ended);
        const db = new Database(folder.at('run/run.sqlite'));
        db.pragma('user_version = 99');
        db.close();
      },
      /it has schema version 99; this glompo knows up to \d+, use a newer one$/,
    ],
    [
      'a log whose configuration is none',
      (folder) => {
        mkdirSync(folder.at('run'));
        writeFileSync(folder.at('run/run.sqlite'), ended);
        const db = new Database(folder.at('run/run.sqlite'));
        db.exec(`UPDATE run SET value = '[7]' WHERE key = 'config'`);
        db.close();
      },
      /./,
    ],
    [
      'a log without its configuration',
      (folder) => {
        mkdirSync(folder.at('run'));
        writeFileSync(folder.at('run/run.sqlite'), ended);
        const db = new Database(folder.at('run/run.sqlite'));
        db.exec(`DELETE FROM run WHERE key IN ('config', 'seed')`);
        db.close();
      },
      /./,
    ],
  ];

  it.each(cases)('of %s, ends with code 2 and says why', async (_, make, message) => {
    using folder = new Folder();
    make(folder);
    const before = folder.has('run/run.sqlite') ? folder.bytes('run/run.sqlite') : undefined;
    const { exitCode, stdout, stderr } = await runCli(['resume', 'run', ...MORE], folder.path);
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    if (before) expect(folder.bytes('run/run.sqlite').equals(before)).toBe(true);
    // The same into another directory, which is not made for it.
    const into = await runCli(['resume', 'run', '--into', 'other', ...MORE], folder.path);
    expect(into.exitCode, into.stderr).toBe(2);
    expect(into.stderr).not.toMatch(/^ {4}at /m);
    expect(folder.has('other')).toBe(false);
  });

  it('goes on with what a WAL has when its manager was killed', async () => {
    using folder = new Folder();
    mkdirSync(folder.at('run'));
    writeFileSync(folder.at('run/run.sqlite'), live.log);
    writeFileSync(folder.at('run/run.sqlite-wal'), live.wal);
    const { exitCode, stdout, stderr } = await runCli(['resume', 'run', ...MORE], folder.path);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: EVALUATIONS + 50 });
  });

  it.skipIf(!canMount)(
    'of a log that cannot be written, ends with code 2 and one line, and goes on elsewhere',
    async () => {
      using disk = new SmallDisk('8m');
      mkdirSync(disk.at('run'));
      writeFileSync(disk.at('run/run.sqlite'), ended);
      disk.freeze();
      using folder = new Folder();
      const { exitCode, stderr } = await runCli(['resume', disk.at('run'), ...MORE], folder.path);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^glompo: cannot write to the run directory [^\n]*: EROFS[^\n]*$/);
      const elsewhere = await runCli(['resume', disk.at('run'), '--into', 'there', ...MORE], folder.path);
      expect(elsewhere.exitCode, elsewhere.stderr).toBe(0);
    },
  );

  it.skipIf(process.getuid?.() === 0)('of a log file without the right to write, says so', async () => {
    using folder = new Folder();
    mkdirSync(folder.at('run'));
    copyFileSync(source.at('run/run.sqlite'), folder.at('run/run.sqlite'));
    execFileSync('chmod', ['a-w', folder.at('run/run.sqlite')]);
    const { exitCode, stderr } = await runCli(['resume', 'run', ...MORE], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^glompo: cannot write to the run log [^\n]*$/);
  });
});
