import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { hasNats } from '../support/cluster.ts';
import {
  countsOf,
  evaluationsIn,
  exactly,
  launch,
  prepare,
  startTask,
  until,
} from '../support/cluster-run.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

if (!hasNats) console.warn('no nats-server here: runs on other machines are not tested');

describe.skipIf(!hasNats).concurrent('processes that were launched with the one that manages', () => {
  it('do not wait for it where it has nothing to do, nor when they come after its end', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', dir], folder.path)).exitCode).toBe(0);
    const resume = (rank: number): Promise<number | undefined> => launch(folder, rank, 'resume', dir);
    expect(await Promise.all([0, 1, 2].map(resume))).toEqual([0, 0, 0]);
    expect(await resume(1)).toBe(0);
  });

  it('do not wait for it where it has refused what is to be run', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', 'taken'], folder.path)).exitCode).toBe(0);
    for (const args of [
      ['--dir', 'taken'],
      ['--dir', 'new', '--set', 'manager.backend=inline'],
    ]) {
      const run = (rank: number): Promise<number | undefined> =>
        launch(folder, rank, 'run', 'fit.yaml', ...args);
      expect(await Promise.all([0, 1, 2].map(run))).toEqual([2, 0, 0]);
    }
  });

  it('have what the one that manages has brought to its directory, as from a portable checkpoint', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', dir], folder.path)).exitCode).toBe(0);
    const made = await runCli(['checkpoint', dir, '--portable', 'there.sqlite'], folder.path);
    expect(made.exitCode, made.stderr).toBe(0);
    const resume = (rank: number, file: string, into: string): Promise<number | undefined> =>
      launch(folder, rank, 'resume', file, '--into', into, '--set', 'stop.max-evaluations=60');
    const all = (file: string, into: string): Promise<readonly (number | undefined)[]> =>
      Promise.all([0, 1, 2].map((rank) => resume(rank, file, into)));
    expect(await all('there.sqlite', 'far')).toEqual([0, 0, 0]);
    expect(countsOf(folder.at('far'))).toEqual(exactly(60));
    // Nor do they wait where there is none, or where it cannot be read.
    expect(await all('nowhere', 'farther')).toEqual([2, 2, 2]);
    expect(await all('fit.yaml', 'farther')).toEqual([2, 0, 0]);
  });

  it('are there when the job is run again at once, as it was told that its time is up', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 300);
    const first = [0, 1, 2].map((rank) => startTask(folder, rank, 0, 'run', 'fit.yaml', '--dir', dir));
    await until(() => evaluationsIn(dir) > 20);
    first[0]!.kill('SIGUSR1');
    expect((await Promise.all(first)).map(({ exitCode }) => exitCode)).toEqual([75, 0, 0]);
    const others = [1, 2].map((rank) => startTask(folder, rank, 1, 'resume', dir));
    // They have looked for it by then, and wait.
    await sleep(1500);
    const again = await Promise.all([startTask(folder, 0, 1, 'resume', dir), ...others]);
    expect(again.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(countsOf(dir)).toEqual(exactly(300));
  });
});

describe.concurrent('an engine that is not to be had', () => {
  it.each([
    [['--engine', 'http://host:1'], /--engine: expected nats:\/\/host:4222/],
    [['--engine', 'nats://me:secret@host'], /no secrets in the address/],
    [['--engine', 'nats://127.0.0.1:9', '--engine-cert', 'a.pem'], /go together/],
  ])('is a mistake of the user’s: %j', async (args, message) => {
    using folder = new Folder();
    prepare(folder, 10);
    const { exitCode, stderr } = await runCli(['run', 'fit.yaml', '--dir', 'run', ...args], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret@');
  });

  it('leaves a run that was to go on with it as it was', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', 'run'], folder.path)).exitCode).toBe(0);
    const facts = (): readonly unknown[] => [
      folder.bytes('run/config.yaml').toString(),
      query(
        folder.at('run'),
        `SELECT key, value FROM run WHERE key IN ('status', 'stopReason', 'endedAt', 'endedBy', 'result', 'managerPid', 'config') ORDER BY 1`,
      ),
    ];
    const before = facts();
    const more = ['--set', 'stop.max-evaluations=20', '--engine', 'nats://127.0.0.1:9'];
    expect((await runCli(['resume', 'run', ...more], folder.path)).exitCode).toBe(1);
    expect(facts()).toEqual(before);
    const again = await runCli(['resume', 'run'], folder.path);
    expect(again.stdout).toMatch(/^The run has ended already/);
  });

  it('is refused for a run in one thread before an earlier run is touched', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const run = ['run', 'fit.yaml', '--dir', 'run'];
    expect((await runCli(run, folder.path)).exitCode).toBe(0);
    const files = ['run/run.sqlite', 'run/config.yaml'];
    const before = files.map((file) => folder.bytes(file));
    const inline = ['--engine', 'own', '--set', 'manager.backend=inline'];
    for (const command of [
      [...run, '--overwrite'],
      ['resume', 'run', '--set', 'stop.max-evaluations=20'],
    ]) {
      const { exitCode, stderr } = await runCli([...command, ...inline], folder.path);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('manager.backend inline evaluates in this thread alone');
      for (const [i, file] of files.entries()) expect(folder.bytes(file).equals(before[i]!)).toBe(true);
    }
  });

  it('is said where a worker is not told which run is its own', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const { exitCode, stderr } = await runCli(['worker', 'fit.yaml'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('expected --join DIR');
  });

  it('is said at once where no run has such an id', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const args = ['worker', 'fit.yaml', '--engine', 'nats://127.0.0.1:9', '--run', 'a b'];
    const { exitCode, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the run id "a b" cannot be part of a name in the engine');
  });

  it('is said where the directory that a worker is to join is no run’s', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const args = ['worker', 'fit.yaml', '--join', 'nowhere', '--linger', '0.1'];
    const { exitCode, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(1);
    expect(stderr.split('\n')).toEqual([
      `no run is to be found by ${folder.at('nowhere/engine.json')}: waiting for the manager, which writes it`,
      'the manager was not to be reached: leaving',
    ]);
  });

  it('is said with where it was looked for', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const args = ['run', 'fit.yaml', '--dir', 'run', '--engine', 'nats://127.0.0.1:9'];
    const { exitCode, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/nats:\/\/127\.0\.0\.1:9/);
    // Nor is the run taken for one whose process was killed.
    const { stdout } = await runCli(['status', 'run'], folder.path);
    expect(stdout).toMatch(/^failed: the engine at nats:\/\/127\.0\.0\.1:9 cannot be reached/);
    expect((await runCli(['resume', 'run'], folder.path)).exitCode).toBe(0);
    expect(countsOf(folder.at('run'))).toEqual(exactly(10));
  });
});
