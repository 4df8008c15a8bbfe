import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import type { GloMPOManagerOptions, GloMPOResumeOptions } from '../../src/manager/manager-options.ts';
import { runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
let dir: string;
beforeEach(() => {
  folder = new Folder();
  dir = folder.at('run');
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const MANAGER = { maxJobs: 2, seed: 1, backend: 'inline', containment: 'none' } as const;
const BASE = {
  task: { benchmark: 'rastrigin', dimension: 3 },
  optimizers: ['cma-es', 'random'],
  hunters: 'none',
  stop: { 'max-evaluations': 300 },
  manager: MANAGER,
} satisfies GloMPOManagerOptions;

async function run(options: Partial<GloMPOManagerOptions> = {}): Promise<RunResult> {
  await using manager = new GloMPOManager({ ...BASE, ...options, dir } as GloMPOManagerOptions);
  return await manager.start();
}

async function resume(
  options: GloMPOResumeOptions = {},
  use: (manager: GloMPOManager) => void = () => {},
): Promise<RunResult> {
  await using manager = GloMPOManager.resume(dir, options);
  use(manager);
  return await manager.start();
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what its query selects
const rows = <Row>(sql: string): readonly Row[] => query<Row>(dir, sql);
const EVALUATIONS = 'SELECT call_id, optimizer_id, candidate_id, hex(x) AS x, fx FROM evaluations ORDER BY 1';
const more = (budget: number): GloMPOResumeOptions => ({ stop: { 'max-evaluations': budget } });

/** Numbered without a gap, and no candidate twice. */
function expectWhole(budget: number): void {
  expect(
    rows(
      `SELECT count(*) AS n, max(call_id) AS last, count(DISTINCT optimizer_id || '/' || candidate_id) AS candidates FROM evaluations`,
    ),
  ).toEqual([{ n: budget, last: budget, candidates: budget }]);
}

const events = (type: string): readonly { message: string; data: string; optimizer_id: number }[] =>
  rows(`SELECT message, data, optimizer_id FROM events WHERE type = '${type}' ORDER BY event_id`);

describe('a run that ended', () => {
  it('ends again at once, with the same result, and its log stays as it is', async () => {
    folder.write(
      'c.yaml',
      'task: { benchmark: sphere, dimension: 2 }\nstop: { max-evaluations: 60 }\nmanager: { maxJobs: 2, backend: inline, containment: none }\n',
    );
    const first = await runCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    const before = folder.bytes('run/run.sqlite');
    const again = await runCli(['resume', 'run', '--json'], folder.path);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toBe(first.stdout);
    const shown = await runCli(['resume', 'run'], folder.path);
    expect(shown.stdout).toMatch(/^The run has ended already: .*\nBest value /);
    expect(folder.bytes('run/run.sqlite').equals(before)).toBe(true);
  });

  it('goes on with more budget where its optimizers were that only ended with it', async () => {
    await run();
    const before = rows(EVALUATIONS);
    expect(await resume(more(700))).toMatchObject({ evaluations: 700 });
    expectWhole(700);
    expect(rows(EVALUATIONS).slice(0, 300)).toEqual(before);
    const [resumed] = events('resumed');
    expect(JSON.parse(resumed!.data)).toMatchObject({ revived: [1, 2], changes: ['stop'], isEnding: false });
    const first = rows<{ optimizer_id: number; candidate_id: number }>(
      'SELECT optimizer_id, min(candidate_id) AS candidate_id FROM evaluations WHERE call_id > 300 AND optimizer_id < 3 GROUP BY 1',
    );
    const last = rows<{ candidate_id: number }>(
      'SELECT max(candidate_id) AS candidate_id FROM evaluations WHERE call_id <= 300 AND optimizer_id < 3 GROUP BY optimizer_id',
    );
    for (const [i, { candidate_id }] of first.entries()) expect(candidate_id).toBe(last[i]!.candidate_id + 1);
  });

  it('is the run that it would have been with that budget from the start', async () => {
    const one = { ...MANAGER, maxJobs: 1 };
    await run({ optimizers: ['cma-es'], manager: one });
    await resume(more(600));
    await resume(more(900));
    const inParts = rows(EVALUATIONS);
    dir = folder.at('whole');
    await run({ optimizers: ['cma-es'], manager: one, stop: { 'max-evaluations': 900 } });
    expect(inParts).toEqual(rows(EVALUATIONS));
  });

  it('leaves optimizers alone that had ended before it', async () => {
    await run({
      stop: { 'max-evaluations': 2000 },
      hunters: { 'evaluations-unmoving': { calls: 100, tolerance: 0.2 } },
      manager: { ...MANAGER, huntFrequency: 50 },
    });
    const ended = rows(
      `SELECT optimizer_id, status, reason, evaluations FROM optimizers WHERE status IN ('killed', 'converged')`,
    );
    expect(ended.length).toBeGreaterThan(0);
    await resume({ ...more(2500), hunters: 'none' });
    const ids = ended.map((one) => (one as { optimizer_id: number }).optimizer_id).join(', ');
    expect(
      rows(`SELECT optimizer_id, status, reason, evaluations FROM optimizers WHERE optimizer_id IN (${ids})`),
    ).toEqual(ended);
    expectWhole(2500);
  });

  it('measures its best point again at its new end', async () => {
    const manager = { ...MANAGER, reevaluateBest: 20 };
    const first = await run({ manager });
    expect(first).toMatchObject({ evaluations: 300, noise: { evaluations: 20, sd: 0 } });
    const second = await resume(more(500));
    expect(second).toMatchObject({ evaluations: 500, noise: { evaluations: 20, mean: second.fx, sd: 0 } });
    expect(
      rows(`SELECT type, evaluations FROM optimizers WHERE type = 'repeat' ORDER BY optimizer_id`),
    ).toEqual([
      { type: 'repeat', evaluations: 20 },
      { type: 'repeat', evaluations: 20 },
    ]);
    expect(rows('SELECT optimizer_id FROM evaluations WHERE call_id > 480 GROUP BY 1')).toHaveLength(1);
    // There is room for a few more evaluations, and not for another measurement.
    expect(await resume(more(510))).toMatchObject({
      evaluations: 510,
      noise: { evaluations: 20, mean: second.fx },
    });
    expectWhole(510);
  });
});

describe('a run goes on', () => {
  it('with other hunters and another end', async () => {
    await run({
      hunters: { 'evaluations-unmoving': { calls: 30, tolerance: 0.5 } },
      manager: { ...MANAGER, huntFrequency: 20 },
    });
    const kills = events('kill').length;
    expect(kills).toBeGreaterThan(0);
    const result = await resume({
      set: ['hunters=none', 'stop={any: [{max-evaluations: 900}, {max-optimizers-started: 100}]}'],
    });
    expect(result).toMatchObject({ evaluations: 900 });
    expect(events('kill')).toHaveLength(kills);
    expect(events('resumed')[0]!.message).toMatch(/optimizers? go(es)? on, with hunters=none, stop=/);
  });

  it.each([
    ['inline', 'threads'],
    ['threads', 'processes'],
    ['processes', 'inline'],
  ] as const)('after %s with the backend %s', async (first, second) => {
    await run({ manager: { ...MANAGER, backend: first } });
    expect(await resume({ ...more(600), manager: { backend: second } })).toMatchObject({ evaluations: 600 });
    expectWhole(600);
    expect(rows(`SELECT count(*) AS n FROM optimizers WHERE status = 'crashed'`)).toEqual([{ n: 0 }]);
  });

  it('with fewer slots: its optimizers wait in their order, and none is dropped', async () => {
    await run({ manager: { ...MANAGER, maxJobs: 4 } });
    expect(rows('SELECT count(*) AS n FROM optimizers')).toEqual([{ n: 4 }]);
    let most = 0;
    const result = await resume({ ...more(500), manager: { maxJobs: 2 } }, (manager) => {
      manager.events$.subscribe(() => {
        most = Math.max(most, manager.progress()!.live.length);
      });
    });
    expect(result).toMatchObject({ evaluations: 500 });
    expectWhole(500);
    expect(rows('SELECT DISTINCT optimizer_id FROM evaluations WHERE call_id > 300 ORDER BY 1')).toEqual([
      { optimizer_id: 1 },
      { optimizer_id: 2 },
    ]);
    expect(rows('SELECT count(*) AS n FROM optimizers')).toEqual([{ n: 4 }]);
    expect(most).toBeLessThanOrEqual(2);
    // Those that waited still go on when there is room.
    await resume({ ...more(800), manager: { maxJobs: 4 } });
    expect(rows('SELECT DISTINCT optimizer_id FROM evaluations WHERE call_id > 500 ORDER BY 1')).toHaveLength(
      4,
    );
    expectWhole(800);
  });

  it('with those that wait when one of the others has ended', async () => {
    await run({ manager: { ...MANAGER, maxJobs: 3 }, optimizers: ['random'] });
    await resume({ ...more(400), manager: { maxJobs: 1 } }, (manager) => {
      manager.events$.subscribe(({ type }) => {
        if (type === 'resumed') queueMicrotask(() => manager.stopOptimizer(1, 'for room'));
      });
    });
    expect(
      rows('SELECT optimizer_id, count(*) > 0 AS some FROM evaluations WHERE call_id > 310 GROUP BY 1'),
    ).toEqual([{ optimizer_id: 2, some: 1 }]);
    expectWhole(400);
  });

  it('with more slots', async () => {
    await run();
    await resume({ ...more(600), manager: { maxJobs: 5 } });
    expect(rows('SELECT count(DISTINCT optimizer_id) AS n FROM evaluations WHERE call_id > 300')).toEqual([
      { n: 5 },
    ]);
    expectWhole(600);
  });

  it('not where one optimizer needs more slots than there are', async () => {
    await run({ optimizers: [{ 'cma-es': { workers: 3 } }], manager: { ...MANAGER, maxJobs: 3 } });
    const before = folder.bytes('run/run.sqlite');
    await expect(resume({ ...more(500), manager: { maxJobs: 2 } })).rejects.toThrow(/3/);
    expect(folder.bytes('run/run.sqlite').equals(before)).toBe(true);
    expect(await resume(more(500))).toMatchObject({ evaluations: 500 });
  });

  it('paused, if it was paused when it was suspended', async () => {
    await using first = new GloMPOManager({ ...BASE, stop: { 'max-evaluations': 100_000 }, dir });
    first.events$.subscribe(({ type }) => {
      if (type === 'incumbent' && first.pause('lunch') === 'done')
        queueMicrotask(() => first.suspend('enough'));
    });
    expect(await first.start()).toMatchObject({ isSuspended: true });
    const before = rows(EVALUATIONS);
    const seen: boolean[] = [];
    const result = await resume(more(before.length + 100), (manager) => {
      manager.events$.subscribe(({ type }) => {
        if (type !== 'resumed') return;
        setTimeout(() => {
          seen.push(rows(EVALUATIONS).length === before.length);
          manager.unpause('back');
        }, 500);
      });
    });
    expect(seen).toEqual([true]);
    expect(result).toMatchObject({ evaluations: before.length + 100 });
    expectWhole(before.length + 100);
  });

  it('from the middle of a round, and nobody waits for its end', async () => {
    const manager = { ...MANAGER, reproducible: true, endTimeoutSeconds: 3600, roundEvaluations: 50 };
    const module = folder.write(
      'task.mjs',
      'export default (x) => new Promise((done) => setTimeout(() => done(x[0] ** 2), 2));',
    );
    await using first = new GloMPOManager({
      ...BASE,
      task: { module },
      parameters: [{ name: 'a', min: 0, max: 1 }],
      optimizers: ['random'],
      stop: { 'max-evaluations': 100_000 },
      manager,
      dir,
    });
    first.events$.subscribe(({ type }) => {
      if (type === 'optimizer-started') setTimeout(() => first.suspend('enough'), 100);
    });
    expect(await first.start()).toMatchObject({ isSuspended: true });
    expect(await resume(more(300))).toMatchObject({ evaluations: 300 });
    expectWhole(300);
  });
});
