import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ControlConnection, sendCommand } from '../../src/control/client.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** A run that goes on until it is told to stop. */
function endless(folder: Folder, task: string, manager = ''): string {
  folder.write('task.mjs', `export default async (x) => { ${task} };`);
  return folder.write(
    'endless.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 2, seed: 1, backend: threads${manager} }
`,
  );
}

const SLOW = 'await new Promise((r) => setTimeout(r, 20)); return x[0] ** 2;';

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error(`never came: ${what}`);
}

/** A live run's log, which is not there at first. */
function count(directory: string, table: string, where = '1'): number {
  try {
    const [row] = query<{ n: number }>(directory, `SELECT count(*) AS n FROM ${table} WHERE ${where}`);
    return row!.n;
  } catch {
    return 0;
  }
}

const evaluations = (directory: string): number => count(directory, 'evaluations');

/** Waits for so many more evaluations than there are now. */
async function goesOn(directory: string, more = 5): Promise<void> {
  const before = evaluations(directory);
  await until(() => evaluations(directory) >= before + more, `${more} more evaluations`);
}

/** Waits until nothing that ran before a pause is still running: so many looks in a row without a new evaluation. */
async function comesToRest(directory: string): Promise<number> {
  let last = evaluations(directory);
  for (let quiet = 0; quiet < 10; quiet++) {
    await sleep(50);
    const now = evaluations(directory);
    if (now !== last) quiet = 0;
    last = now;
  }
  return last;
}

describe('a live run', () => {
  it('is paused, goes on, and is stopped, from another process; each a second time without effect', async () => {
    using folder = new Folder();
    const dir = folder.at('run');
    const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder.path);
    const run = startCli(['run', endless(folder, SLOW), '--dir', 'run', '--json'], folder.path);
    await goesOn(dir);
    expect(await cli('pause', 'run', '--json')).toMatchObject({
      exitCode: 0,
      stdout: '{"command":"pause","changed":true}',
    });
    const atRest = await comesToRest(dir);
    expect((await cli('status', 'run')).stdout).toMatch(/^running, paused \(glompo pause\)\n/);
    expect(await cli('pause', 'run')).toMatchObject({ exitCode: 0, stdout: 'the run was paused already' });
    expect(evaluations(dir)).toBe(atRest);
    expect(await cli('unpause', 'run', '--json')).toMatchObject({
      exitCode: 0,
      stdout: '{"command":"unpause","changed":true}',
    });
    await goesOn(dir);
    expect(await cli('unpause', 'run')).toMatchObject({ exitCode: 0, stdout: 'the run was not paused' });
    expect(JSON.parse((await cli('status', 'run', '--json')).stdout)).toMatchObject({
      state: 'running',
      paused: false,
    });
    using first = await ControlConnection.open(dir);
    using second = await ControlConnection.open(dir);
    const stop = { command: 'stop' } as const;
    expect(await Promise.all([first.send(stop), second.send(stop)])).toEqual(
      expect.arrayContaining([{ outcome: 'done' }, { outcome: 'already' }]),
    );
    await Promise.all([first.closed(), second.closed()]);
    expect(JSON.parse((await cli('status', 'run', '--json')).stdout)).toMatchObject({ state: 'finished' });
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      evaluations: evaluations(dir),
      stopReason: 'stopped by hand: glompo stop',
    });
    expect(count(dir, 'events', "type = 'stop'")).toBe(1);
    expect(existsSync(folder.at('run/control.sock'))).toBe(false);
    for (const command of ['stop', 'pause'])
      expect(await cli(command, 'run')).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: 'glompo: no run is live in run: it has finished',
      });
  });

  it('goes on with another optimizer when one is stopped, by command and by file, and ends by the file EXIT', async () => {
    using folder = new Folder();
    const dir = folder.at('run');
    // Left by somebody who meant an earlier run.
    for (const name of ['STOP_1', 'EXIT']) folder.write(`run/${name}`, '');
    const run = startCli(['run', endless(folder, SLOW), '--dir', 'run', '--json'], folder.path);
    await goesOn(dir);
    const stopped = (id: number): string | undefined =>
      query<{ reason: string }>(
        dir,
        `SELECT reason FROM optimizers WHERE optimizer_id = ${id} AND status = 'stopped'`,
      )[0]?.reason;
    expect(stopped(1)).toBeUndefined();

    const first = await runCli(['stop', 'run', '1', '--wait', '--json'], folder.path);
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({
      command: 'stop-optimizer',
      optimizer: 1,
      changed: true,
      status: 'stopped',
    });
    expect(stopped(1)).toBe('stopped by hand: glompo stop');
    await until(() => count(dir, 'evaluations', 'optimizer_id = 3') > 0, 'an evaluation of its successor');
    expect(await sendCommand(dir, { command: 'stop-optimizer', optimizer: 1 })).toEqual({
      outcome: 'already',
    });
    expect(await runCli(['stop', 'run', '99'], folder.path)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'glompo: there is no optimizer 99 in this run',
    });

    for (const name of ['STOP_002', 'STOP_1', 'STOP_99', 'STOP_x', 'stop_3']) folder.write(`run/${name}`, '');
    await until(() => stopped(2) !== undefined, 'the end of optimizer 2');
    expect(stopped(2)).toBe('stopped by hand: file STOP_002');
    await until(() => count(dir, 'events', "type = 'intervention-ignored'") === 3, 'three notes');
    expect(
      query(dir, "SELECT message, kind FROM events WHERE type = 'intervention-ignored' ORDER BY message"),
    ).toEqual(
      [
        'the file "STOP_1" is ignored: optimizer 1 is ending or has ended already',
        'the file "STOP_99" is ignored: there is no optimizer 99',
        'the file "STOP_x" is ignored: expected STOP_ and the id of an optimizer, or STOP_ALL',
      ].map((message) => ({ message, kind: 'operational' })),
    );
    for (const name of ['STOP_002', 'STOP_1', 'STOP_99', 'STOP_x'])
      expect(existsSync(folder.at(`run/${name}`)), name).toBe(false);
    expect(
      query(dir, "SELECT optimizer_id AS id, kind FROM events WHERE type = 'stop-optimizer' ORDER BY 1"),
    ).toEqual([
      { id: 1, kind: 'decision' },
      { id: 2, kind: 'decision' },
    ]);
    await goesOn(dir);

    folder.write('run/EXIT', '');
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      evaluations: evaluations(dir),
      stopReason: 'stopped by hand: file EXIT',
    });
    expect(existsSync(folder.at('run/EXIT'))).toBe(false);
  });

  it('takes commands while it evaluates in its own thread, and gives up what runs when it is aggressive', async () => {
    using folder = new Folder();
    const dir = folder.at('run');
    const config = endless(
      folder,
      'const end = Date.now() + 100; while (Date.now() < end); return x[0] ** 2;',
      ', aggressiveKill: true',
    );
    const flags = ['--set', 'manager.backend=inline', '--json'];
    const run = startCli(['run', config, '--dir', 'run', ...flags], folder.path);
    await goesOn(dir, 1);
    expect(await sendCommand(dir, { command: 'ping' })).toMatchObject({ pid: run.pid, runDir: dir });
    expect(await sendCommand(dir, { command: 'stop-optimizer', optimizer: 2 })).toEqual({ outcome: 'done' });
    await until(() => count(dir, 'optimizers') === 3, 'its successor');
    expect(await sendCommand(dir, { command: 'pause' })).toEqual({ outcome: 'done' });
    // Also while it is paused.
    expect(await sendCommand(dir, { command: 'stop' })).toEqual({ outcome: 'done' });
    expect((await run).exitCode).toBe(0);
  });

  it('is told from one whose manager was killed, whose directory serves the next run', async () => {
    using folder = new Folder();
    // Too long a path for a socket.
    const name = 'r'.repeat(100);
    const dir = folder.at(name);
    const config = endless(folder, SLOW);
    const run = startCli(['run', config, '--dir', name, '--json'], folder.path);
    await goesOn(dir);
    expect(await sendCommand(dir, { command: 'ping' })).toMatchObject({ pid: run.pid });
    run.kill('SIGKILL');
    await run;
    expect(existsSync(folder.at(`${name}/control.path`))).toBe(true);
    const flags = ['--wait', '--json'];
    expect(await runCli(['stop', name, ...flags], folder.path)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `glompo: no run is live in ${name}: its manager was killed`,
    });
    const next = startCli(['run', config, '--dir', name, '--overwrite', '--json'], folder.path);
    await until(
      () => count(dir, 'run', `key = 'managerPid' AND value = '${next.pid}'`) === 1,
      'the next run',
    );
    await goesOn(dir);
    expect(await sendCommand(dir, { command: 'ping' })).toMatchObject({ pid: next.pid });
    expect(await runCli(['stop', name, ...flags], folder.path)).toMatchObject({
      exitCode: 0,
      stdout: '{"command":"stop","changed":true,"state":"finished"}',
    });
    expect((await next).exitCode).toBe(0);
    expect(existsSync(folder.at(`${name}/control.path`))).toBe(false);
  });
});

describe('a command to a run', () => {
  it.each([
    [['stop', '--help'], 0, 'Usage: glompo stop [options] <dir> [optimizer]'],
    [['pause', '--help'], 0, 'Usage: glompo pause [options] <dir>'],
    [['unpause', '--help'], 0, 'Usage: glompo unpause [options] <dir>'],
    [['unpause', 'nowhere'], 2, 'glompo: no run is live in nowhere: there is no run log'],
    [['stop', 'run', '1e3'], 2, 'expected the id of an optimizer: 1, 2, 3, …, got 1e3'],
  ])('%j ends with code %i', async (args, code, text) => {
    using folder = new Folder();
    const { exitCode, stdout, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(code);
    expect(code === 0 ? stdout : stderr).toContain(text);
  });
});
