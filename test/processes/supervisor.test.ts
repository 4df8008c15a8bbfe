import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEntry } from '../../src/processes/proc.ts';
import { cleanUp, eventually, kill, newMark, programsOf, TestManager } from './support.ts';

let mark: string;
beforeEach(() => {
  mark = newMark();
});
afterEach(() => {
  cleanUp(mark);
});

const isThere = (pid: number): boolean => readEntry(pid)?.isAlive === true;
const processorTicks = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
};

it('survives the signals that a user or a batch system sends', async () => {
  await using manager = await TestManager.start({});
  const { supervisor } = manager;
  // Once it has come up.
  await eventually(() => catches(supervisor));
  await eventually(() => isIdle(supervisor));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(supervisor, signal);
  manager.ask('supervisor');
  expect(await manager.next()).toEqual({ supervisor });
  expect(isThere(supervisor)).toBe(true);
});

it('is started again when it is killed, and still knows what it was told', async () => {
  // No cookie and no parent: only the recorded session leads to it.
  await using manager = await TestManager.start({
    scripts: ['exec env -i sh -c "( sleep MARK & ) & sleep MARK"'],
    mark,
  });
  await eventually(() => programsOf(manager, mark).length >= 3);
  const first = manager.supervisor;
  kill(first, 'SIGKILL');
  expect(await manager.next()).toEqual({ message: expect.stringContaining('SIGKILL') as string });
  manager.ask('supervisor');
  const { supervisor = 0 } = await manager.next();
  expect(supervisor).not.toBe(first);
  await manager.kill();
  await eventually(() => programsOf(manager, mark).length === 0 && !isThere(supervisor), 2000);
  expect(isThere(manager.bystander)).toBe(true);
});

it('is given up when it dies again and again', async () => {
  await using manager = await TestManager.start({});
  let { supervisor } = manager;
  let last = '';
  for (let deaths = 0; deaths < 6; deaths += 1) {
    kill(supervisor, 'SIGKILL');
    last = (await manager.next()).message ?? '';
    manager.ask('supervisor');
    supervisor = (await manager.next()).supervisor ?? 0;
  }
  expect(last).toContain('goes on without');
  expect(supervisor).toBe(0);
});

it('costs under 60 MB and no processor time while it waits', async () => {
  // The first run from sources fills the compile cache.
  await using first = await TestManager.start({});
  await eventually(() => isIdle(first.supervisor));
  first.ask('dispose');
  await first.next();
  await using manager = await TestManager.start({});
  await eventually(() => isIdle(manager.supervisor));
  const status = readFileSync(`/proc/${manager.supervisor}/status`, 'latin1');
  const megabytes = Number(/VmRSS:\s*(\d+)/.exec(status)![1]) / 1024;
  const before = processorTicks(manager.supervisor);
  await delay(1000);
  expect(processorTicks(manager.supervisor) - before).toBeLessThanOrEqual(1);
  expect(megabytes).toBeLessThan(60);
});

/** SIGHUP (1), SIGINT (2) and SIGTERM (15). */
function catches(pid: number): boolean {
  const [, mask = '0'] = /^SigCgt:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))!;
  return (Number.parseInt(mask.slice(-8), 16) & 0x4003) === 0x4003;
}

/** Waiting for input with nothing to do for a tenth of a second. */
let seen = { pid: 0, ticks: -1, since: 0 };
function isIdle(pid: number): boolean {
  const ticks = processorTicks(pid);
  if (seen.pid !== pid || seen.ticks !== ticks) seen = { pid, ticks, since: performance.now() };
  return ticks > 0 && performance.now() - seen.since > 100;
}
