import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const CONFIG = `task: { module: task.mjs }
parameters:
  - { name: a, min: -1, max: 1 }
  - { name: fx, min: 1.0e-3, max: 10, scale: log }
  - { name: n, min: 1, max: 9, type: integer }
  - { name: c, value: 2.5 }
  - { name: t, value: "= a * 2", max: 1.9 }
constraints: ["a <= fx"]
optimizers: [random, cma-es]
stop: { max-evaluations: 2000 }
manager: { maxJobs: 3, backend: threads, seed: 1 }
`;
const TASK = `export default (x) => {
  if (x[0] > 0.8) throw new Error('too large, "really"');
  return { value: x[0] / 3, violation: x[1] > 5 ? x[1] - 5 : 0, extras: { half: x[1] / 2, parts: [...x], none: NaN } };
};`;
const EVALUATIONS = 'SELECT * FROM evaluations ORDER BY call_id';
const OPTIMIZERS = `SELECT optimizer_id, type, evaluations, failed, best_call_id, best_fx, best_violation FROM optimizers
  WHERE evaluations > 0`;

describe('glompo import', () => {
  let folder: Folder;

  beforeAll(async () => {
    folder = new Folder();
    folder.write('task.mjs', TASK);
    folder.write('c.yaml', CONFIG);
    await runCli(['run', 'c.yaml', '--dir', 'r'], folder.path);
  });

  afterAll(() => {
    folder[Symbol.dispose]();
  });

  it.each(['jsonl', 'csv', 'parquet'])('gives the same log again of a run as %s', async (format) => {
    const file = `e.${format}`;
    const into = `i-${format}`;
    await runCli(['export', 'r', '--format', format, '--output', file], folder.path);
    const { exitCode, stdout, stderr } = await runCli(
      ['import', file, '--into', into, '--config', 'c.yaml', '--json'],
      folder.path,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      runDir: folder.at(into),
      format,
      rows: 2000,
      names: ['a', 'fx', 'n', 'c', 't'],
      optimizers: query(folder.at('r'), OPTIMIZERS).length,
      renumbered: false,
      ignored: [],
    });
    const expected = query<{ extras: string | null }>(folder.at('r'), EVALUATIONS).map((row) => ({
      ...row,
      extras: format === 'jsonl' ? row.extras : (row.extras?.replace(',"none":null', '') ?? null),
    }));
    expect(query(folder.at(into), EVALUATIONS)).toEqual(expected);
    expect(query(folder.at(into), OPTIMIZERS)).toEqual(query(folder.at('r'), OPTIMIZERS));
    expect(query(folder.at(into), 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }]);

    const [status, before] = await Promise.all(
      [into, 'r'].map(
        async (dir) => JSON.parse((await runCli(['status', dir, '--json'], folder.path)).stdout) as object,
      ),
    );
    expect(status).toMatchObject({
      state: 'finished',
      stopReason: `imported from ${file}`,
      seed: null,
      evaluations: 2000,
      best: (before as { best: object }).best,
    });
    const again = await runCli(
      ['export', into, '--format', format, '--output', `again.${format}`],
      folder.path,
    );
    expect(again.exitCode).toBe(0);
    if (format === 'jsonl') expect(folder.read('again.jsonl')).toBe(folder.read('e.jsonl'));
  });

  it('gives the same log again of a run that began with the evaluations of another one', async () => {
    folder.write('warm.yaml', `${CONFIG}warmStart: r\n`);
    const more = ['--dir', 'warm', '--set', 'stop.max-evaluations=50'];
    expect((await runCli(['run', 'warm.yaml', ...more], folder.path)).exitCode).toBe(0);
    for (const format of ['jsonl', 'csv', 'parquet']) {
      const file = `warm.${format}`;
      const into = `warm-${format}`;
      await runCli(['export', 'warm', '--format', format, '--output', file], folder.path);
      const { exitCode, stderr } = await runCli(['import', file, '--into', into], folder.path);
      expect(exitCode, stderr).toBe(0);
      const values =
        'SELECT call_id, optimizer_id, candidate_id, hex(x), fx, status, counted FROM evaluations';
      expect(query(folder.at(into), values)).toEqual(query(folder.at('warm'), values));
      expect(query(folder.at(into), OPTIMIZERS)).toEqual(query(folder.at('warm'), OPTIMIZERS));
      expect((await runCli(['report', into], folder.path)).exitCode).toBe(0);
    }
  });

  it('takes what another program wrote, and tells what it left out or numbered anew', async () => {
    folder.write('old.txt', 'call_id,n,a,fx,x.fx,note\n3,2,0.5,1.25,1,hi\n9,1,-1,,2,\n');
    const { exitCode, stdout, stderr } = await runCli(
      ['import', 'old.txt', '--format', 'csv', '--into', 'deep/er/old', '--config', 'c.yaml'],
      folder.path,
    );
    expect([exitCode, stdout]).toEqual([
      0,
      `2 evaluations, 5 parameters, 1 optimizers: ${folder.at('deep/er/old')}`,
    ]);
    expect(stderr).toBe(
      'old.txt has gaps among its call ids: they were numbered anew from 1 to 2\nnot imported, as no parameter has that name: note',
    );
    expect(
      query<{ x: Buffer }>(folder.at('deep/er/old'), EVALUATIONS).map(({ x, ...rest }) => ({
        ...rest,
        x: [...new Float64Array(Uint8Array.from(x).buffer)],
      })),
    ).toMatchObject([
      { call_id: 1, optimizer_id: 1, candidate_id: 1, x: [0.5, 1, 2, 2.5, 1], fx: 1.25, status: 'ok' },
      { call_id: 2, candidate_id: 2, x: [-1, 2, 1, 2.5, -2], fx: null, status: 'failed' },
    ]);
    const { stdout: status } = await runCli(['status', 'deep/er/old'], folder.path);
    expect(status).toMatch(/^finished: imported from old.txt\nevaluations {2}2, 1 without a value\n/);
    expect(status).toContain('seed         unknown');
    expect(status).toContain('1  imported  stopped  2 evaluations, best 1.25  (imported from old.txt)');
  });

  it('tells what no run of the configuration could have evaluated, and leaves nothing behind', async () => {
    folder.write(
      'bad.csv',
      `a,x.fx,n,c,t,fx\n2,1,1.5,2.5,4,1\n0.5,20,1,2.5,1,1\n0,1,1,3,0,1\n0,1,1,2.5,0.1,1\n0.96,1,1,,,1\n0.5,0.25,1,,,1\n`,
    );
    const { exitCode, stdout, stderr } = await runCli(
      ['import', 'bad.csv', '--into', 'none/of/it', '--config', 'c.yaml'],
      folder.path,
    );
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      'glompo: cannot import bad.csv',
      'bad.csv:2 a: expected a number in [-1, 1], got 2',
      'bad.csv:2 n: expected an integer in [1, 9], got 1.5',
      'bad.csv:3 fx: expected a number in [0.001, 10], got 20',
      'bad.csv:4 c: expected 2.5, at which it is fixed, got 3',
      'bad.csv:5 t: expected 0, to which others tie it, got 0.1',
      'bad.csv:6 t <= 1.9 does not hold',
      'bad.csv:7 a <= fx does not hold',
    ]);
    expect(existsSync(folder.at('none'))).toBe(false);
  });

  it('replaces a run only when told to, and only by a whole one', async () => {
    using other = new Folder();
    other.write('old.csv', 'a,fx\n1,2\n');
    other.write('bad.csv', 'a,fx\n1,2\nz,2\n');
    other.write('new.csv', 'a,fx\n1,3\n1,4\n');
    const run = (file: string, ...rest: readonly string[]): ReturnType<typeof runCli> =>
      runCli(['import', file, '--into', 'o', ...rest], other.path);
    expect((await run('old.csv')).exitCode).toBe(0);
    const refused = await run('new.csv');
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      `glompo: ${other.at('o')} holds a run already; choose another directory, or say --overwrite`,
    ]);
    expect((await run('bad.csv', '--overwrite')).exitCode).toBe(2);
    expect(query(other.at('o'), 'SELECT fx FROM evaluations')).toEqual([{ fx: 2 }]);
    expect((await run('new.csv', '--overwrite')).exitCode).toBe(0);
    expect(query(other.at('o'), 'SELECT fx FROM evaluations')).toEqual([{ fx: 3 }, { fx: 4 }]);
    expect(readdirSync(other.at('o')).toSorted()).toEqual(['run.lock', 'run.sqlite']);
    mkdirSync(other.at('mine'));
    expect((await runCli(['import', 'bad.csv', '--into', 'mine'], other.path)).exitCode).toBe(2);
    expect(readdirSync(other.at('mine'))).toEqual(['run.lock']);
  });

  it('does not touch a run that goes on', async () => {
    using live = new Folder();
    live.write('task.mjs', TASK);
    live.write('c.yaml', CONFIG.replace('2000', '1e9'));
    live.write('t.csv', 'a,fx\n1,2\n');
    const run = startCli(['run', 'c.yaml', '--dir', 'r'], live.path);
    try {
      await expect
        .poll(async () => (await runCli(['status', 'r'], live.path)).stdout, { timeout: 20_000 })
        .toMatch(/^evaluations {2}[1-9]/m);
      const { exitCode, stderr } = await runCli(['import', 't.csv', '--into', 'r', '--overwrite'], live.path);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('holds a run that is live');
      expect((await runCli(['status', 'r', '--json'], live.path)).stdout).toContain('"state":"running"');
    } finally {
      run.kill('SIGKILL');
      await run;
    }
  });

  it.each([
    [['none.csv', '--into', 'x'], 'cannot import none.csv: there is no such file'],
    [
      ['c.yaml', '--into', 'x'],
      'c.yaml: its name does not end with .csv, .jsonl, .parquet: say what it is with --format',
    ],
    [['c.yaml', '--into', 'c.yaml', '--format', 'csv'], 'cannot write to the run directory'],
    [['none.csv', '--into', 'x', '--config', 'none.yaml'], 'none.yaml: no such file'],
    [['none.csv'], "required option '--into <dir>' not specified"],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runCli(['import', ...args], folder.path);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(folder.at('x'))).toBe(false);
  });
});
