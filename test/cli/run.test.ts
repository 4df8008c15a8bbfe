import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const QUICK = `task: { benchmark: sphere, dimension: 3 }
stop: { max-evaluations: 500 }
manager: { maxJobs: 2, seed: 5 }
`;

/** A run that goes on until it is told to stop, its evaluations slow enough to be caught at. */
function endless(folder: Folder, backend: string): string {
  folder.write(
    'slow.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 20)); return x[0] ** 2 + x[1] ** 2; };',
  );
  return folder.write(
    'endless.yaml',
    `task: { module: slow.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 2, seed: 1, backend: ${backend} }
`,
  );
}

/** Waits until a query on a live log answers with something that holds. */
async function until(
  directory: string,
  sql: string,
  holds: (row: Record<string, unknown>) => boolean,
): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    try {
      const [row] = query<Record<string, unknown>>(directory, sql);
      if (row && holds(row)) return;
    } catch {
      // There is no log yet.
    }
    await sleep(50);
  }
  throw new Error(`never came to hold: ${sql}`);
}

const someRows = (directory: string): Promise<void> =>
  until(directory, 'SELECT count(*) AS n FROM evaluations', ({ n }) => Number(n) > 5);

describe('glompo run', () => {
  it('ends with one line of JSON, and leaves log and configuration in the run directory', async () => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    const { exitCode, stdout } = await runCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual([
      'fx',
      'x',
      'names',
      'evaluations',
      'optimizers',
      'stopReason',
      'isSuspended',
      'noise',
      'minima',
      'fit',
      'seed',
      'runDir',
      'wallSeconds',
    ]);
    expect(result).toMatchObject({
      evaluations: 500,
      names: ['x1', 'x2', 'x3'],
      seed: 5,
      runDir: folder.at('run'),
    });
    const [best] = query<{ fx: number }>(folder.at('run'), 'SELECT min(fx) AS fx FROM evaluations');
    expect(result['fx']).toBe(best!.fx);
    expect(readFileSync(folder.at('run/config.yaml'), 'utf8')).toContain('seed: 5');
  });

  it('runs again from the configuration that it left behind, with the same configuration', async () => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    await runCli(['run', 'c.yaml', '--dir', 'one', '--json'], folder.path);
    const { exitCode } = await runCli(['run', 'one/config.yaml', '--dir', 'two', '--json'], folder.path);
    expect(exitCode).toBe(0);
    const read = (name: string): string => readFileSync(folder.at(`${name}/config.yaml`), 'utf8');
    expect(read('two')).toBe(read('one'));
  });

  it('takes --set and --seed', async () => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    const flags = ['--set', 'stop.max-evaluations=77', '--set', 'manager.backend=inline', '--seed', '9'];
    const { stdout } = await runCli(['run', 'c.yaml', '--dir', 'run', '--json', ...flags], folder.path);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 77, seed: 9 });
  });

  it('writes for people without --json, and where the log is by default', async () => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    const { exitCode, stdout } = await runCli(['run', 'c.yaml'], folder.path);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Best value \S+ at\n {2}x1 /);
    expect(stdout).toMatch(/Optimizers {3}\d+ started, \d+ killed, \d+ converged, 0 crashed/);
    const runDir = /^Log +(\S+)$/m.exec(stdout)![1]!;
    expect(runDir).toMatch(new RegExp(`^${folder.path}/runs/c-\\d{4}-\\d\\d-\\d\\dT`));
    expect(existsSync(`${runDir}/run.sqlite`)).toBe(true);
  });

  it('does not touch a directory that holds a run, unless it is told to', async () => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    await runCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    folder.write('run/mine.txt', 'keep me');
    const again = await runCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    expect(again).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `glompo: ${folder.at('run')} holds a run already; choose another directory, or say --overwrite`,
    });
    const flags = ['--overwrite', '--set', 'stop.max-evaluations=20', '--json'];
    expect((await runCli(['run', 'c.yaml', '--dir', 'run', ...flags], folder.path)).exitCode).toBe(0);
    expect(query(folder.at('run'), 'SELECT count(*) AS n FROM evaluations')).toEqual([{ n: 20 }]);
    expect(readFileSync(folder.at('run/mine.txt'), 'utf8')).toBe('keep me');
  });

  it('says so when it cannot write the run directory', async () => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    folder.write('file', 'not a directory');
    const { exitCode, stderr } = await runCli(['run', 'c.yaml', '--dir', 'file/run', '--json'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^glompo: cannot write to the run directory \S+\/file\/run: ENOTDIR/);
  });

  it.runIf(process.platform === 'linux').each([
    [['run', 'c.yaml', '--dir', '/proc/glompo', '--json'], 'the run directory /proc/glompo'],
    [['import', 't.csv', '--into', '/proc/glompo/a'], 'the run directory /proc/glompo/a'],
    [['bench', '--suite', 'classic', '--into', '/proc/glompo'], '/proc/glompo'],
    [
      ['run', 'c.yaml', '--dir', 'run', '--set', 'manager.logDir=/proc/glompo'],
      'manager.logDir /proc/glompo',
    ],
    [['init', '/proc/glompo/c.yaml', '--task', 'benchmark:sphere'], '/proc/glompo/c.yaml'],
  ])('ends at once where no directory can be made: %j', async (args, place) => {
    using folder = new Folder();
    folder.write('c.yaml', QUICK);
    folder.write('t.csv', 'a,fx\n1,2\n');
    const { exitCode, stderr } = await runCli(args, folder.path, { timeout: 30_000 });
    expect(stderr).toContain(place);
    expect(stderr).toMatch(/ENOENT|EACCES/);
    expect(exitCode).toBe(2);
  });

  it('tells all mistakes of a configuration at once, starts nothing and writes nothing', async () => {
    using folder = new Folder();
    folder.write(
      'bad.yaml',
      `task: { benchmark: sphere, dimension: 2 }
parameters:
  - { name: a, min: 5, max: 1 }
  - { name: b, min: 0, max: .inf, initial: 7 }
optimizers:
  - cma-es: { sigma0: 1.5, popsize: 7, workers: 9 }
stop: { max-evaluation: 5 }
manager: { maxJobs: 2 }
`,
    );
    const { exitCode, stdout, stderr } = await runCli(['run', 'bad.yaml', '--dir', 'run'], folder.path);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    const places = stderr.split('\n').map((line) => line.split(': ')[0]);
    expect(places).toEqual([
      expect.stringMatching(/^bad\.yaml:3:\d+ parameters\[0\]\.max$/),
      expect.stringMatching(/^bad\.yaml:4:\d+ parameters\[1\]\.max$/),
      expect.stringMatching(/^bad\.yaml:6:\d+ optimizers\[0\]\.cma-es\.sigma0$/),
      expect.stringMatching(/^bad\.yaml:6:\d+ optimizers\[0\]\.cma-es\.popsize$/),
      expect.stringMatching(/^bad\.yaml:6:\d+ optimizers\[0\]\.cma-es\.workers$/),
      expect.stringMatching(/^bad\.yaml:7:\d+ stop\.max-evaluation$/),
    ]);
    expect(existsSync(folder.at('run'))).toBe(false);
  });

  it.each(['inline', 'threads', 'processes'])(
    'ends gracefully on Ctrl-C with backend %s: the result, code 130, nobody left',
    async (backend) => {
      using folder = new Folder();
      using marked = new Marked();
      const run = startCli(['run', endless(folder, backend), '--dir', 'run', '--json'], folder.path);
      await someRows(folder.at('run'));
      const status = await runCli(['status', 'run', '--json'], folder.path);
      expect(JSON.parse(status.stdout)).toMatchObject({ state: 'running' });
      // Otherwise it would prove little that nobody is left.
      if (backend === 'processes') expect(marked.alive().length).toBeGreaterThanOrEqual(3);
      run.kill('SIGINT');
      const { exitCode, stdout } = await run;
      expect(exitCode).toBe(130);
      const result = JSON.parse(stdout) as { evaluations: number };
      expect(result).toMatchObject({ stopReason: 'interrupted by SIGINT' });
      expect(query(folder.at('run'), 'SELECT count(*) AS n FROM evaluations')).toEqual([
        { n: result.evaluations },
      ]);
      expect(marked.alive()).toEqual([]);
      expect(JSON.parse((await runCli(['status', 'run', '--json'], folder.path)).stdout)).toMatchObject({
        state: 'finished',
      });
    },
  );

  it('ends at once on a second Ctrl-C', async () => {
    using folder = new Folder();
    folder.write('task.mjs', 'export default () => { for (;;); };');
    folder.write(
      'c.yaml',
      `task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 1 }]
stop: { max-evaluations: 10 }
manager: { maxJobs: 1, endTimeoutSeconds: 1000 }
`,
    );
    const run = startCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    await until(folder.at('run'), 'SELECT count(*) AS n FROM optimizers', ({ n }) => Number(n) === 1);
    run.kill('SIGINT');
    await until(
      folder.at('run'),
      "SELECT count(*) AS n FROM events WHERE type = 'stop'",
      ({ n }) => Number(n) === 1,
    );
    run.kill('SIGINT');
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 0, fx: null });
  });

  it('keeps what was acknowledged when it is killed, and its children do not outlive it', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const run = startCli(['run', endless(folder, 'processes'), '--dir', 'run', '--json'], folder.path);
    await someRows(folder.at('run'));
    run.kill('SIGKILL');
    await run;
    expect(await marked.gone(2000)).toEqual([]);
    expect(query(folder.at('run'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(JSON.parse((await runCli(['status', 'run', '--json'], folder.path)).stdout)).toMatchObject({
      state: 'crashed',
    });
  });
});
