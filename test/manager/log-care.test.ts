import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FilesystemProbe } from '../../src/log/filesystem.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { warningOf } from '../../src/manager/log-care.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const nfs: FilesystemProbe = () => ({ type: 'nfs', isNetwork: true });

const SLOW = `task: { module: slow.mjs }
parameters: [{ name: a, min: -5, max: 5 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 1, seed: 1, backend: threads, containment: none, logDir: local/logs, logCopySeconds: 1 }
`;

function folderWithConfig(): Folder {
  const folder = new Folder();
  folder.write(
    'slow.mjs',
    'export default async ([a]) => { await new Promise((r) => setTimeout(r, 5)); return a * a; };',
  );
  folder.write('cfg/c.yaml', SLOW.replace('slow.mjs', '../slow.mjs'));
  return folder;
}

const logs = (folder: Folder): readonly string[] =>
  existsSync(folder.at('cfg/local/logs')) ? readdirSync(folder.at('cfg/local/logs')) : [];

async function status(
  folder: Folder,
): Promise<{ readonly [key: string]: unknown; readonly evaluations: number }> {
  const { stdout, stderr } = await runCli(['status', 'run', '--json'], folder.path);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { evaluations: number };
}

function copied(folder: Folder): number {
  try {
    return query<{ n: number }>(folder.at('run'), 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error(`never came: ${what}`);
}

describe('a run with manager.logDir', () => {
  it('has its log there while it goes on, copies in the run directory, and the log in the run directory at the end', async () => {
    using folder = folderWithConfig();
    const run = startCli(['run', 'cfg/c.yaml', '--dir', 'run', '--json'], folder.path);
    await until(() => copied(folder) > 5, 'a copy with evaluations');
    expect(logs(folder)).toEqual([expect.stringMatching(/^run-/)]);
    const live = await status(folder);
    expect(live).toMatchObject({
      state: 'running',
      log: { file: folder.at(`cfg/local/logs/${logs(folder)[0]}/run.sqlite`), copyOf: null },
    });
    const table = await runCli(['export', 'run', '--format', 'csv'], folder.path);
    expect(table.stdout.split('\n').length).toBeGreaterThan(live.evaluations);
    await runCli(['stop', 'run', '--wait'], folder.path);
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(0);
    const { evaluations } = JSON.parse(stdout) as { evaluations: number };
    expect(copied(folder)).toBe(evaluations);
    expect(logs(folder)).toEqual([]);
    const left = readdirSync(folder.at('run')).filter((name) => /^run|^log/.test(name));
    expect(left.toSorted()).toEqual(['run.lock', 'run.sqlite']);
    expect(await status(folder)).toMatchObject({ state: 'finished', evaluations });
  });

  it('that is killed is read where its log is, from its copy when that is lost, and is overwritten as a whole', async () => {
    using folder = folderWithConfig();
    const args = ['run', 'cfg/c.yaml', '--dir', 'run', '--json'];
    const run = startCli(args, folder.path);
    await until(() => copied(folder) > 5, 'a copy with evaluations');
    run.kill('SIGKILL');
    await run;
    const killed = await status(folder);
    expect(killed).toMatchObject({ state: 'crashed', log: { copyOf: null } });
    expect(killed.evaluations).toBeGreaterThanOrEqual(copied(folder));
    expect(await runCli(args, folder.path)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('holds a run already') as string,
    });
    const [before] = logs(folder);
    const again = await runCli([...args, '--overwrite', '--set', 'stop.max-evaluations=10'], folder.path);
    expect(JSON.parse(again.stdout)).toMatchObject({ evaluations: 10 });
    expect(logs(folder)).toEqual([]);
    expect(before).toBeDefined();

    const third = startCli([...args, '--overwrite'], folder.path);
    await until(() => copied(folder) > 15, 'a copy with evaluations');
    third.kill('SIGKILL');
    await third;
    folder.remove(`cfg/local/logs/${logs(folder)[0]}/run.sqlite`);
    const { stdout } = await runCli(['status', 'run'], folder.path);
    expect(stdout).toMatch(/^crashed\n/);
    expect(stdout).toMatch(/^log {10}a copy, made \d+ s ago; the log itself, in .*logs\/run-\w+, is gone$/m);
    expect((await status(folder)).evaluations).toBe(copied(folder));
  });

  it('is refused where nothing can be written, and leaves nothing', async () => {
    using folder = folderWithConfig();
    folder.write('cfg/local', 'a file');
    const { exitCode, stderr } = await runCli(['run', 'cfg/c.yaml', '--dir', 'run'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `glompo: cannot keep the run log in manager.logDir ${folder.at('cfg/local/logs')}: ENOTDIR: not a directory, mkdir '${folder.at('cfg/local/logs')}'`,
    );
    expect(existsSync(folder.at('run/log.path'))).toBe(false);
  });
});

it('a run that is paused as its disk is nearly full goes on when a person says so', async () => {
  using folder = new Folder();
  await using manager = new GloMPOManager({
    task: { benchmark: 'sphere', dimension: 2 },
    stop: { 'max-evaluations': 500 },
    // More than any disk has.
    manager: { backend: 'inline', containment: 'none', maxJobs: 1, minFreeBytes: 1e15 },
    dir: folder.at('run'),
  });
  const told: string[] = [];
  manager.events$.subscribe(({ type, message }) => {
    if (type !== 'pause' && type !== 'unpause') return;
    told.push(`${type} ${message.split(':')[0]}`);
    if (type === 'pause') setTimeout(() => manager.unpause('go on'), 1);
  });
  expect((await manager.start()).evaluations).toBe(500);
  expect(told).toEqual(['pause free-space', 'unpause go on']);
});

it('a run is warned of a network filesystem, with what to do', () => {
  expect(warningOf({ directory: '/net/run', isAway: false }, nfs)).toMatch(
    /^the run log is in \/net\/run, on a network filesystem \(nfs\), .* set manager.logDir to a directory on a local disk$/,
  );
  expect(warningOf({ directory: '/net/logs', isAway: true }, nfs)).toContain('manager.logDir is meant to be');
  expect(warningOf({ directory: '/x', isAway: false }, () => ({ type: 'local', isNetwork: false }))).toBe(
    undefined,
  );
});

it('a run whose plug-in fails and whose log cannot be brought home says both', async () => {
  using folder = folderWithConfig();
  folder.write('bad.mjs', 'export default () => { throw new Error("never"); };');
  await using manager = new GloMPOManager({
    task: { module: 'bad.mjs' },
    baseDir: folder.path,
    parameters: [{ name: 'a', min: 0, max: 1 }],
    manager: { backend: 'inline', containment: 'none', maxJobs: 1, onFailure: 'abort', logDir: 'logs' },
    dir: folder.at('run'),
  });
  manager.events$.subscribe(({ type }) => {
    // In the way of the copy.
    if (type === 'run-ended') folder.write('run/run.sqlite.copy/file', '');
  });
  await expect(manager.start()).rejects.toMatchObject({
    message: expect.stringMatching(
      /never.*; and after that: cannot copy the run log .*; the whole log stays in/,
    ) as string,
  });
});
