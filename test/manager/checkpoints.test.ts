import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
let dir: string;
beforeEach(() => {
  folder = new Folder();
  dir = folder.at('run');
  folder.write(
    'task.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 1)); return x[0] ** 2 + x[1] ** 2; };',
  );
});
afterEach(() => {
  folder[Symbol.dispose]();
});

type Settings = Readonly<Record<string, number | string | boolean>>;

function manage(checkpoints: Settings, budget = 300): GloMPOManager {
  return new GloMPOManager({
    baseDir: folder.path,
    task: { module: 'task.mjs' },
    parameters: ['a', 'b'].map((name) => ({ name, min: -5, max: 5 })),
    optimizers: ['cma-es', 'nelder-mead', 'random'],
    hunters: 'none',
    stop: { 'max-evaluations': budget },
    checkpoints,
    manager: { maxJobs: 3, seed: 1, backend: 'inline', containment: 'none' },
    dir,
  });
}

async function run(
  checkpoints: Settings,
  use: (manager: GloMPOManager) => void = () => {},
): Promise<RunResult> {
  await using manager = manage(checkpoints);
  use(manager);
  return await manager.start();
}

interface Mark {
  readonly name: string;
  readonly call_id: number;
  readonly reason: string;
}
const marks = (): readonly Mark[] =>
  query<Mark>(dir, 'SELECT name, call_id, reason FROM checkpoints ORDER BY checkpoint_id');

/** Of each optimizer its latest, and those that are the nearest ones before a checkpoint. */
function expectNoNeedlessSnapshots(): void {
  const snapshots = query<{ optimizer_id: number; call_id: number }>(
    dir,
    'SELECT optimizer_id, call_id FROM snapshots ORDER BY optimizer_id, batch_id',
  );
  expect(snapshots.length).toBeGreaterThan(0);
  for (const [i, { optimizer_id, call_id }] of snapshots.entries()) {
    const next = snapshots[i + 1];
    if (next?.optimizer_id !== optimizer_id) continue;
    const isNeeded = marks().some((mark) => mark.call_id >= call_id && mark.call_id < next.call_id);
    expect(isNeeded, `snapshot of optimizer ${optimizer_id} after call ${call_id}`).toBe(true);
  }
}

/** How many checkpoints were made for a reason; none before there is a log. */
function countMade(reason: string): number {
  try {
    return query<{ n: number }>(
      dir,
      `SELECT count(*) AS n FROM events WHERE type = 'checkpoint' AND data LIKE '%"${reason}"%'`,
    )[0]!.n;
  } catch {
    return 0;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000 && !holds(); tries++) await sleep(10);
  expect(holds()).toBe(true);
}

describe('checkpoints', () => {
  it('are made every so many evaluations, of which the last few are kept, and at start and end', async () => {
    await run({ everyEvaluations: 50, keep: 2, atStart: true, atEnd: true });
    const kept = marks();
    expect(kept.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'checkpoint-1 start',
      'checkpoint-6 evaluations',
      'checkpoint-7 evaluations',
      'checkpoint-8 end',
    ]);
    expect(kept[0]).toEqual({ name: 'checkpoint-1', call_id: 0, reason: 'start' });
    expect(kept.at(-1)).toMatchObject({ call_id: 300, reason: 'end' });
    expect(kept.filter(({ reason }) => reason === 'evaluations')).toHaveLength(2);
    expectNoNeedlessSnapshots();
    const told = query<{ n: number }>(dir, `SELECT count(*) AS n FROM events WHERE type = 'checkpoint'`);
    expect(told[0]!.n).toBeGreaterThan(kept.length);
  });

  it('are named by a pattern, and a name that is taken gets a number', async () => {
    await run({ everyEvaluations: 100, atStart: true, atEnd: true, name: '{reason} {date}' });
    const day = String.raw`\d{4}-\d\d-\d\d`;
    const names = marks().map(({ name }) => name);
    expect(names[0]).toMatch(new RegExp(`^start ${day}$`));
    expect(names[1]).toMatch(new RegExp(`^evaluations ${day}$`));
    expect(names[2]).toMatch(new RegExp(`^evaluations ${day}-2$`));
    expect(names.at(-1)).toMatch(new RegExp(`^end ${day}$`));
  });

  it('go on with their numbers when the run does', async () => {
    await run({ atEnd: true, atStart: true });
    await using more = GloMPOManager.resume(dir, { stop: { 'max-evaluations': 350 } });
    await more.start();
    expect(marks().map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'checkpoint-1 start',
      'checkpoint-2 end',
      'checkpoint-3 end',
    ]);
  });

  it('have numbers and names once, though earlier ones were not kept', async () => {
    await run({ everyEvaluations: 50, keep: 2 });
    const told = new Set(marks().map(({ name }) => name));
    await using manager = GloMPOManager.resume(dir, { stop: { 'max-evaluations': 600 } });
    await manager.start();
    const events = query<{ message: string }>(dir, "SELECT message FROM events WHERE type = 'checkpoint'");
    const names = events.map(({ message }) => message);
    expect(names).toEqual(names.map((_, i) => `checkpoint-${i + 1}`));
    expect(marks().every(({ name }) => !told.has(name))).toBe(true);
  });

  it('have the call of their mark in their name', async () => {
    await run({ everyEvaluations: 40, keep: 100, name: 'at-{call}' });
    expect(marks().length).toBeGreaterThan(4);
    for (const { name, call_id } of marks()) expect(name).toBe(`at-${call_id}`);
  });

  it('are made when they are asked for, under a name that is free, and stay', async () => {
    const outcomes: string[] = [];
    await run({ everyEvaluations: 20, keep: 1 }, (manager) => {
      let asked = false;
      manager.events$.subscribe(({ type, callId }) => {
        if (asked || type !== 'incumbent' || callId < 5) return;
        asked = true;
        queueMicrotask(() => {
          for (const name of ['mine', 'mine', undefined])
            void manager.checkpoint(name).then(
              (made) => outcomes.push(made),
              (error: unknown) => outcomes.push((error as Error).message),
            );
        });
      });
    });
    expect(outcomes.toSorted()).toEqual([
      expect.stringMatching(/^checkpoint-\d+$/) as string,
      'mine',
      'there is a checkpoint mine already; choose another name',
    ]);
    expect(marks().filter(({ reason }) => reason === 'request')).toHaveLength(2);
    expect(marks().filter(({ reason }) => reason === 'evaluations')).toHaveLength(1);
    expectNoNeedlessSnapshots();
    // And the run can be continued from them.
    await using forked = GloMPOManager.resume(dir, { at: 'mine', into: folder.at('fork') });
    expect(await forked.start()).toMatchObject({ evaluations: 300 });
  });

  it('are not made of a run that has not begun, or has ended', async () => {
    await using manager = manage({});
    await expect(manager.checkpoint()).rejects.toThrow('the run has not begun');
    await manager.start();
    await expect(manager.checkpoint()).rejects.toThrow('the run is coming to its end already');
  });

  it('are made every so many seconds, by the file CHKPT and by the command, while the run goes on', async () => {
    await using manager = manage({ everySeconds: 0.1, keep: 2 }, 1_000_000);
    const ended = manager.start();
    await until(() => countMade('seconds') >= 4);
    expect(marks().filter((mark) => mark.reason === 'seconds').length).toBeLessThanOrEqual(2);
    folder.write('run/CHKPT', '');
    await until(() => countMade('request') === 1);
    expect(folder.has('run/CHKPT')).toBe(false);
    const answer = await runCli(['checkpoint', 'run', 'by command', '--json'], folder.path);
    expect(answer).toMatchObject({
      exitCode: 0,
      stdout: '{"command":"checkpoint","name":"by command","portable":null}',
    });
    const taken = await runCli(['checkpoint', 'run', 'by command'], folder.path);
    expect(taken).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'glompo: there is a checkpoint by command already; choose another name',
    });
    manager.stop('enough');
    await ended;
    expect(marks().filter((mark) => mark.reason === 'request')).toHaveLength(2);
    expectNoNeedlessSnapshots();
  });
});
