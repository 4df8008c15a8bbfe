import { chmodSync, readFileSync, renameSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { hasNats, TestWorker } from '../support/cluster.ts';
import {
  countsOf,
  evaluationsIn,
  eventsOf,
  exactly,
  launch,
  prepare,
  until,
} from '../support/cluster-run.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

if (!hasNats) console.warn('no nats-server here: runs on other machines are not tested');

describe.skipIf(!hasNats)('a run on other machines', () => {
  it('spends its budget exactly, with workers that come late, go, and are killed; none of them is left', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const dir = prepare(folder, 800);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own', '--json'], folder.path);
    const worker = (): ReturnType<typeof startCli> =>
      startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    // Until somebody comes, it says that nobody is there.
    const told: Buffer[] = [];
    run.stderr.on('data', (chunk: Buffer) => told.push(chunk));
    await until(() => Buffer.concat(told).includes('no worker is there'));
    const [killed, drained] = [worker(), worker()];
    await until(() => evaluationsIn(dir) > 60);
    killed.kill('SIGKILL');
    const late = worker();
    await until(() => evaluationsIn(dir) > 150);
    drained.kill('SIGTERM');
    expect((await drained).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await run;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^worker \d+ on \S+ was not heard of for too long: what it was at goes to others$/m,
    );
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 800 });
    expect(countsOf(dir)).toEqual(exactly(800));
    expect((await late).exitCode).toBe(0);
    const events = eventsOf(dir).join('\n');
    for (const word of ['joined with 2 slots', 'left after', 'was not heard of'])
      expect(events).toContain(word);
    const { stdout: status } = await runCli(['status', dir], folder.path);
    expect(status).toMatch(/workers {6}.*1 lost/);
    const workers = query<{ worker: string }>(dir, 'SELECT DISTINCT worker FROM evaluations');
    expect(workers).toHaveLength(3);
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('goes on after its manager was killed, with the workers that stayed', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const dir = prepare(folder, 300);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = startCli(
      ['worker', 'fit.yaml', '--join', dir, '--slots', '2', '--linger', '60'],
      folder.path,
    );
    await until(() => evaluationsIn(dir) > 50);
    expect(statSync(folder.at('run/engine.json')).mode & 0o777).toBe(0o600);
    const { token } = (
      JSON.parse(readFileSync(folder.at('run/engine.json'), 'utf8')) as { connection: { token: string } }
    ).connection;
    run.kill('SIGKILL');
    await run;
    const { exitCode, stdout } = await runCli(['resume', dir, '--engine', 'own', '--json'], folder.path);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 300 });
    expect(countsOf(dir)).toEqual(exactly(300));
    expect((await worker).exitCode).toBe(0);
    // No secret is in a log, nor left behind.
    expect(folder.has('run/engine.json')).toBe(false);
    for (const file of ['run/run.sqlite', 'run/glompo.log', 'run/config.yaml'])
      expect(folder.bytes(file).includes(token)).toBe(false);
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('is suspended although its workers have gone before it, and leave to nobody what waits for them', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const dir = prepare(folder, 400, ', endTimeoutSeconds: 3600', '[{ random: { workers: 16 } }]');
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    await until(() => evaluationsIn(dir) > 50);
    worker.kill('SIGUSR1');
    await worker;
    run.kill('SIGUSR1');
    expect((await run).exitCode).toBe(75);
    expect((await runCli(['status', dir], folder.path)).stdout).toMatch(/^suspended: job limit: SIGUSR1\n/);
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '2', '--linger', '30');
    expect((await runCli(['resume', dir, '--engine', 'own'], folder.path)).exitCode).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(400));
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('needs where it is evaluated nothing that only its optimizers, or its manager, need', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 20, ', reproducible: true, maxJobs: 2');
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const here = [
      '--set',
      'optimizers=[{ program: [./not-here] }, { scipy: { method: powell, python: ./nor-here } }, { random: { workers: 3 } }]',
      '--set',
      'warmStart=nor/here',
    ];
    const args = ['worker', 'fit.yaml', '--join', dir, '--linger', '30', ...here];
    const { exitCode, stderr } = await runCli(args, folder.path);
    if (exitCode !== 0) run.kill('SIGKILL');
    expect(exitCode, stderr).toBe(0);
    expect((await run).exitCode).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(20));
    const evaluate = await runCli(['evaluate', 'fit.yaml', '--x', '[3, 4]', ...here], folder.path);
    expect(evaluate).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\b25\b/) });
  });

  it('tells of an evaluation that no worker could do on which machine that was, and why', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 1000, '', '[{ random: { workers: 2 } }]');
    const script = '#!/bin/sh\nsleep 0.1\necho 1\n';
    chmodSync(folder.write('tool.sh', script), 0o755);
    const set = ['--set', 'task={ command: [./tool.sh] }'];
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own', ...set], folder.path);
    const workers = [1, 2, 3].map(() =>
      startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '1', ...set], folder.path),
    );
    const names = workers.map(({ pid }) => `${hostname()} ${pid}`);
    await until(
      () => evaluationsIn(dir) > 0 && query(dir, 'SELECT DISTINCT worker FROM evaluations').length === 3,
    );
    renameSync(folder.at('tool.sh'), folder.at('away.sh'));
    const failed = `SELECT DISTINCT error FROM evaluations WHERE status = 'failed'`;
    await until(() => query(dir, failed).length > 0);
    run.kill('SIGTERM');
    const [{ error }] = query<{ error: string }>(dir, failed) as [{ error: string }];
    const ends = `: ${folder.at('tool.sh')} is not there any more`;
    expect(names.map((name) => `three workers could not do it: ${name}${ends}`)).toContain(error);
    await Promise.all([run, ...workers]);
  }, 30_000);

  it('has the same log as on this machine alone, when it is launched many times and reproducible', async () => {
    using folder = new Folder();
    prepare(folder, 200, ', reproducible: true, maxJobs: 2');
    const alone = await runCli(['run', 'fit.yaml', '--dir', 'alone'], folder.path);
    expect(alone.exitCode).toBe(0);
    using marked = new Marked();
    const launched = await Promise.all(
      [0, 1, 2].map((rank) => launch(folder, rank, 'run', 'fit.yaml', '--dir', 'launched')),
    );
    expect(launched).toEqual([0, 0, 0]);
    const rows = 'SELECT call_id, optimizer_id, candidate_id, hex(x), fx, status FROM evaluations';
    const decisions = `SELECT type, call_id, optimizer_id, message FROM events WHERE kind = 'decision'`;
    for (const sql of [rows, decisions])
      expect(query(folder.at('launched'), sql)).toEqual(query(folder.at('alone'), sql));
    const workers = query<{ worker: string }>(
      folder.at('launched'),
      'SELECT DISTINCT worker FROM evaluations',
    );
    expect(workers).toHaveLength(2);
    expect(await marked.gone(3000)).toEqual([]);
  });
});
