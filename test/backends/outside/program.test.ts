import { describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../../src/manager/manager.ts';
import type { RunResult } from '../../../src/log/figures.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';
import { recordOf } from '../../support/record.ts';
import { Marked } from '../../support/survivors.ts';
import { countIn, endsIn, hostEvents, until, walkers, type WalkerRun } from './support.ts';

const BACKENDS = ['inline', 'threads', 'processes'] as const;

async function run(folder: Folder, how: WalkerRun, dir = 'run'): Promise<RunResult> {
  await using manager = new GloMPOManager({ ...walkers(folder, how), dir: folder.at(dir) } as never);
  return await manager.start();
}

async function resume(folder: Folder, budget: number, dir = 'run'): Promise<RunResult> {
  await using manager = GloMPOManager.resume(folder.at(dir), { stop: { 'max-evaluations': budget } });
  return await manager.start();
}

/** A message that announces one point. */
const evaluate = (id: number, x: unknown): object => ({ type: 'evaluate', points: [{ id, x }] });

describe.each(BACKENDS)('an optimizer that is a program, on %s', (backend) => {
  it('is asked, evaluated and told until it is done, and the next one takes its place', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const result = await run(folder, { options: { points: 30 }, manager: { backend } });
    expect(result).toMatchObject({ evaluations: 60, optimizers: { crashed: 0 } });
    expect(endsIn(folder.at('run'))[0]).toMatchObject({
      type: 'program',
      status: 'converged',
      reason: 'tired: it was told of 30 points',
      evaluations: 30,
      version: 7,
    });
    expect(folder.read('run/streams/optimizer-0001.err')).toContain('begins anew with point 1\n');
    expect(await marked.gone(2000)).toEqual([]);
  });

  it('is ended with all that it started when it is killed, or the run ends', async () => {
    using folder = new Folder();
    using marked = new Marked();
    await using manager = new GloMPOManager({
      ...walkers(folder, { options: { child: true }, manager: { backend }, budget: 1e6 }),
      dir: folder.at('run'),
    } as never);
    const ended = manager.start();
    await until(() => countIn(folder.at('run'), 'evaluations') > 10, 'evaluations');
    manager.stopOptimizer(1, 'enough');
    await until(() => countIn(folder.at('run'), 'evaluations WHERE optimizer_id = 2') > 10, 'the next one');
    manager.stop('enough');
    await ended;
    await marked.gone(2000);
    expect(marked.alive()).toEqual([]);
    expect(endsIn(folder.at('run')).map(({ status }) => status)).toEqual(['stopped', 'stopped']);
  });

  it('whose process dies is started again where it was', async () => {
    using folder = new Folder();
    const options = { turn: 12, once: folder.at('died') };
    expect(await run(folder, { options, manager: { backend } })).toMatchObject({
      evaluations: 60,
      optimizers: { started: 1, crashed: 0 },
    });
    expect(hostEvents(folder.at('run'))).toEqual(['host-rebuilt']);
    const ids = query<{ id: number }>(
      folder.at('run'),
      'SELECT candidate_id id FROM evaluations ORDER BY candidate_id',
    ).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('whose process dies whatever is done has crashed, with the cause', async () => {
    using folder = new Folder();
    const options = { turn: 12, say: 'no more sugar' };
    await run(folder, { options, manager: { backend }, budget: 24 });
    expect(hostEvents(folder.at('run')).slice(0, 2)).toEqual(['host-rebuilt', 'host-crashed']);
    expect(endsIn(folder.at('run'))[0]).toMatchObject({
      status: 'crashed',
      reason: expect.stringMatching(
        /^the program of program is gone: its process was ended by SIGKILL; its standard error ends: .*no more sugar$/,
      ),
    });
  });
});

describe('an optimizer that is a program', () => {
  it.each([
    ['is asked for points one by one while others run (async)', { async: true, points: 40 }],
    ['takes points of others', { inject: true, points: 40 }],
  ])('goes on where it was when the run does, if it %s', async (_, options) => {
    using folder = new Folder();
    const how = {
      options,
      manager: { maxJobs: 4, huntFrequency: 10, shareBest: true },
      more: { constraints: ['a < b + 6'] },
    };
    await run(folder, { ...how, budget: 27 });
    const first = recordOf(folder.at('run')).evaluations;
    // Some may not have begun when the budget was spent.
    const { optimizer_id: id } = first[0] as { readonly optimizer_id: number };
    // The points of the log are asked for again, bit for bit, or the resume is refused.
    expect(await resume(folder, 70)).toMatchObject({ evaluations: 70, optimizers: { crashed: 0 } });
    expect(recordOf(folder.at('run')).evaluations.slice(0, 27)).toEqual(first);
    expect(folder.read(`run/streams/optimizer-000${id}.err`).match(/begins anew/g)).toHaveLength(2);
    const ids = query<{ candidate: number }>(
      folder.at('run'),
      `SELECT candidate_id AS candidate FROM evaluations WHERE optimizer_id = ${id}`,
    ).map(({ candidate }) => candidate);
    expect(new Set(ids).size).toBe(ids.length);
    if ('inject' in options)
      expect(countIn(folder.at('run'), "events WHERE type = 'inject'")).toBeGreaterThan(0);
  });

  it.each([
    ['free', { async: true }],
    ['free', {}],
    ['reproducible', {}],
  ])('goes on from its snapshot if it has any, in a %s run with %o', async (pace, options) => {
    using folder = new Folder();
    const reproducible = pace === 'reproducible';
    const config = walkers(folder, {
      options: { ...options, snapshot: true },
      manager: { reproducible, endTimeoutSeconds: 0.3 },
      budget: 1e6,
    });
    {
      await using manager = new GloMPOManager({ ...config, dir: folder.at('run') } as never);
      const ended = manager.start();
      await until(() => countIn(folder.at('run'), 'evaluations') > 20, 'evaluations');
      await manager.checkpoint('half');
      await until(() => countIn(folder.at('run'), 'snapshots') > 0, 'a snapshot');
      manager.suspend('later');
      await ended;
    }
    const [{ last }] = query<{ last: number }>(
      folder.at('run'),
      'SELECT max(call_id) AS last FROM evaluations',
    ) as [{ last: number }];
    expect(countIn(folder.at('run'), 'snapshots')).toBeGreaterThan(0);
    expect(await resume(folder, last + 50)).toMatchObject({
      evaluations: last + 50,
      optimizers: { crashed: 0 },
    });
    expect(folder.read('run/streams/optimizer-0001.err')).toContain('begins where it was with point');
    // Without snapshots it comes to the same.
    const { evaluations } = recordOf(folder.at('run'));
    if (reproducible) {
      await run(folder, { manager: { reproducible }, budget: last + 50 }, 'plain');
      expect(recordOf(folder.at('plain')).evaluations).toEqual(evaluations);
    }
  });

  it('waits while the run is paused, and goes on after that', async () => {
    using folder = new Folder();
    await using manager = new GloMPOManager({
      ...walkers(folder, { budget: 120 }),
      dir: folder.at('run'),
    } as never);
    const ended = manager.start();
    await until(() => countIn(folder.at('run'), 'evaluations') > 10, 'evaluations');
    manager.pause('a look');
    let paused = -1;
    // What ran comes to its end; then nothing more is started.
    await until(() => {
      const before = paused;
      paused = countIn(folder.at('run'), 'evaluations');
      return paused === before;
    }, 'rest');
    expect(paused).toBeLessThan(120);
    manager.unpause('seen');
    expect(await ended).toMatchObject({ evaluations: 120, optimizers: { started: 1, crashed: 0 } });
  });

  it('that says nothing when it is its turn is given up', async () => {
    using folder = new Folder();
    const use = { patienceSeconds: 3 };
    await run(folder, { options: { turn: 6, line: 'a stray print' }, use, budget: 12 });
    expect(endsIn(folder.at('run'))[0]).toMatchObject({
      status: 'crashed',
      reason: 'the program of program said nothing for 3 s (patienceSeconds)',
    });
    expect(folder.read('run/streams/optimizer-0001.out')).toContain('a stray print\n');
  });

  it('that thinks for long is not taken for dead', async () => {
    using folder = new Folder();
    const result = await run(folder, {
      options: { sleep: 1 },
      manager: { forceTerminationsAfterSeconds: 0.4 },
      budget: 9,
    });
    expect(result).toMatchObject({ evaluations: 9, optimizers: { started: 1, crashed: 0 } });
  });

  it.each([
    [
      { type: 'evaluate', points: [] },
      'evaluate with the wrong points: expected a list of at least one point, got an empty list',
    ],
    [evaluate(9, [0, 0]), 'evaluate with the id 9, expected 7'],
    [evaluate(7, [0, 0, 0]), 'evaluate with a point of 3 numbers for 2 dimensions: id 7'],
    [evaluate(7, [0, 1.5]), 'evaluate with a point outside the unit box: id 7, coordinate 1 is 1.5'],
    [evaluate(7, [0, null]), 'evaluate with a point outside the unit box: id 7, coordinate 1 is null'],
    ['{"type":"evaluate","points":[{"id":7,"x":[NaN,0]}]}', 'a line that is no JSON'],
    [
      { type: 'evalute' },
      'a message of the type "evalute", expected one of ready, evaluate, snapshot, done, error',
    ],
    [{ type: 'toString' }, 'a message of the type "toString"'],
    [{ type: 'ready', protocol: 1 }, 'ready twice'],
    [
      { type: 'done', kind: 'Too Good' },
      'done with the wrong kind: expected a name like tol-fun, got "Too Good"',
    ],
    [{ type: 'error', message: 'the sky fell' }, 'failed: the sky fell'],
  ])('that sends %j has crashed, with the cause', async (line, cause) => {
    using folder = new Folder();
    const result = await run(folder, { options: { turn: 6, line }, budget: 12 });
    // The one that takes its place may come as far.
    expect(result.optimizers.crashed).toBeGreaterThan(0);
    const [first] = endsIn(folder.at('run'));
    const { reason } = first!;
    expect(first).toMatchObject({ status: 'crashed', evaluations: 6 });
    expect(reason).toContain(cause);
    expect(hostEvents(folder.at('run'))).toEqual([]);
  });
});
