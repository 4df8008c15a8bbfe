import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROCESSES_FILE, readRunRecord } from '../../src/processes/record.ts';
import { reapAll, sweepBeforeUse } from '../../src/processes/reap.ts';
import { readEntry } from '../../src/processes/proc.ts';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { cleanUp, commandsOf, eventually, kill, newMark, programsOf, TestManager, TREES } from './support.ts';

let mark: string;
let folder: Folder;
beforeEach(() => {
  mark = newMark();
  folder = new Folder();
});
afterEach(() => {
  cleanUp(mark);
  folder[Symbol.dispose]();
});

const scripts = [
  ...Object.values(TREES).map(({ script }) => script),
  'exec env -i sh -c "( sleep MARK & ) & sleep MARK"',
];

/** A run whose manager and supervisor are killed at once. */
async function crash(): Promise<TestManager> {
  const manager = await TestManager.start({ scripts, mark, runDir: folder.path });
  await eventually(() => programsOf(manager, mark).length >= 24);
  // What was recorded is written within 50 ms.
  await eventually(() => readRunRecord(folder.path)?.leaders.length === scripts.length);
  kill(manager.pid, 'SIGSTOP');
  kill(manager.supervisor, 'SIGKILL');
  await manager.kill();
  expect(programsOf(manager, mark).length).toBeGreaterThan(10);
  return manager;
}

const left = (manager: TestManager): readonly string[] => commandsOf(programsOf(manager, mark));

describe('glompo reap', () => {
  it('ends what a manager and a supervisor that were killed together left', async () => {
    await using manager = await crash();
    const { exitCode, stdout } = await runCli(['reap', folder.path], folder.path);
    expect(left(manager)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^killed {2}\d+ {2}.*sleep/m);
    expect(readEntry(manager.bystander)?.isAlive).toBe(true);
    expect(existsSync(path.join(folder.path, PROCESSES_FILE))).toBe(false);
    const again = await runCli(['reap', folder.path, '--json'], folder.path);
    expect(JSON.parse(again.stdout)).toEqual({ killed: [], left: [] });
  });

  it('refuses a run that is live, and a directory that is not there', async () => {
    await using manager = await TestManager.start({ scripts: ['sleep MARK; :'], mark, runDir: folder.path });
    await eventually(() => programsOf(manager, mark).length === 2);
    const live = await runCli(['reap', folder.path], folder.path);
    expect(live.exitCode).toBe(2);
    expect(live.stderr).toContain(`its manager is process ${manager.pid}`);
    expect(await sweepBeforeUse(folder.path)).toEqual({ killed: [], left: [] });
    expect(programsOf(manager, mark)).toHaveLength(2);
    expect((await runCli(['reap', 'nowhere'], folder.path)).exitCode).toBe(2);
  });
});

it('the next command on the directory does the same', async () => {
  await using manager = await crash();
  const { killed } = await sweepBeforeUse(folder.path);
  expect(killed.length).toBeGreaterThan(10);
  expect(left(manager)).toEqual([]);
});

it('without a directory, runs are found by the cookies of what they left; live ones are not touched', async () => {
  await using dead = await crash();
  const other = newMark();
  await using live = await TestManager.start({ scripts: ['sleep MARK; :'], mark: other });
  await eventually(() => programsOf(live, other).length === 2);
  const { killed } = await reapAll();
  expect(killed.length).toBeGreaterThan(10);
  // Only what has no cookie needs the directory.
  await sweepBeforeUse(folder.path);
  expect(left(dead)).toEqual([]);
  expect(programsOf(live, other)).toHaveLength(2);
  await live.kill();
  await eventually(() => programsOf(live, other).length === 0, 2000);
});
