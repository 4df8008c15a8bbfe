import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { RunLock } from '../../src/log/lock.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';

const source = new URL('../../src/log/lock.ts', import.meta.url).href;

/** A process that takes the lock, says so or why not, and keeps it. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- execa's own type says most
function holder(directory: string) {
  const program = `
    import { RunLock } from ${JSON.stringify(source)};
    try {
      globalThis.lock = new RunLock(${JSON.stringify(directory)});
      console.log('mine');
      setInterval(() => {}, 1e6);
    } catch (error) {
      console.log(error.code + ' ' + error.message);
    }`;
  return execa(process.execPath, ['--input-type=module', '--eval', program], {
    reject: false,
    stdin: 'ignore',
  });
}

async function firstLine(child: ReturnType<typeof holder>): Promise<string> {
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return String(said).trim();
}

const refusal = (directory: string, pid: number | undefined): string =>
  `${directory} holds a run that is live: process ${pid} on ${hostname()}; stop it first, or choose another directory`;

it('is had by one process at a time, and free at once when that is killed', async () => {
  using folder = new Folder();
  const first = holder(folder.path);
  expect(await firstLine(first)).toBe('mine');
  expect(() => new RunLock(folder.path)).toThrow(refusal(folder.path, first.pid));
  // Stopped is not dead.
  first.kill('SIGSTOP');
  expect(() => new RunLock(folder.path)).toThrow(refusal(folder.path, first.pid));
  first.kill('SIGKILL');
  await first;
  {
    using lock = new RunLock(folder.path);
    expect(lock).toBeDefined();
    expect(() => new RunLock(folder.path)).toThrow(refusal(folder.path, process.pid));
    expect(await firstLine(holder(folder.path))).toBe(`run-directory ${refusal(folder.path, process.pid)}`);
  }
  new RunLock(folder.path)[Symbol.dispose]();
});

it('goes to one of several that want it at once', async () => {
  using folder = new Folder();
  const all = Array.from({ length: 6 }, () => holder(folder.path));
  const said = await Promise.all(all.map(firstLine));
  const winner = all[said.indexOf('mine')]!;
  expect(said.filter((line) => line === 'mine')).toHaveLength(1);
  expect(new Set(said)).toEqual(new Set(['mine', `run-directory ${refusal(folder.path, winner.pid)}`]));
  winner.kill('SIGKILL');
  await Promise.all(all);
});

it('says what to do about a file that is no lock', () => {
  using folder = new Folder();
  folder.write('run.lock', 'a text that somebody put there, for reasons that they alone know. '.repeat(9));
  expect(() => new RunLock(folder.path)).toThrow('if no run is live there, remove that file');
});

it('keeps a second manager out, with --overwrite too, until the first is over', async () => {
  using folder = new Folder();
  const input = {
    task: { benchmark: 'ackley', dimension: 2 },
    manager: { backend: 'inline', containment: 'none', maxJobs: 1 },
    dir: folder.at('run'),
    overwrite: true,
  } as const;
  await using first = new GloMPOManager({ ...input, stop: { 'max-seconds': 600 } });
  const begun = new Promise((resolve) => first.events$.subscribe(resolve));
  const end = first.start();
  await begun;
  const short = { ...input, stop: { 'max-evaluations': 10 } };
  await expect(new GloMPOManager(short).start()).rejects.toMatchObject({
    code: 'run-directory',
    message: refusal(folder.at('run'), process.pid),
  });
  folder.write('c.yaml', 'task: { benchmark: ackley, dimension: 2 }\n');
  expect(await runCli(['run', 'c.yaml', '--dir', 'run', '--overwrite'], folder.path)).toMatchObject({
    exitCode: 2,
    stderr: `glompo: ${refusal(folder.at('run'), process.pid)}`,
  });
  first.stop('enough');
  expect((await end).stopReason).toBe('enough');
  expect((await new GloMPOManager(short).start()).evaluations).toBe(10);
});

it('is not trusted alone where another machine writes the log at this moment', async () => {
  using folder = new Folder();
  const log = new SqliteLog(folder.at('run.sqlite'), 2);
  log.set({ status: 'running', host: 'node17', managerPid: 1 });
  const start = async (): Promise<unknown> =>
    await new GloMPOManager({
      task: { benchmark: 'ackley', dimension: 2 },
      stop: { 'max-evaluations': 10 },
      manager: { backend: 'inline', containment: 'none', maxJobs: 1 },
      dir: folder.path,
      overwrite: true,
    }).start();
  await expect(start()).rejects.toThrow(
    `${folder.path} holds a run that is live on node17: its log was written`,
  );
  log.close();
  const twoMinutesAgo = Date.now() / 1000 - 120;
  utimesSync(folder.at('run.sqlite'), twoMinutesAgo, twoMinutesAgo);
  await expect(start()).resolves.toMatchObject({ evaluations: 10 });
});
