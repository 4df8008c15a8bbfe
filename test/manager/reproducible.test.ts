import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Level1 } from '../../src/config/run-config.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { recordOf } from '../support/record.ts';

/** Takes another time for each call, in another order in each run; fails, and is infeasible, now and then. */
const TASK = `
export default async function task(x, { candidateId }) {
  await new Promise((resolve) => setTimeout(resolve, 5 * Math.random()));
  if (candidateId % 23 === 0) throw new Error('now and then');
  const value = 20 + x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 0);
  return { value, extras: { first: x[0] }, ...(x[1] > 4 ? { violation: x[1] - 4 } : {}) };
}`;

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
  folder.write('task.mjs', TASK);
});
afterAll(() => {
  folder[Symbol.dispose]();
});

function inputOf(backend: Level1, maxWorkers: number, evaluate: string): object {
  return {
    task: { module: 'task.mjs' },
    parameters: ['a', 'b', 'c'].map((name) => ({ name, min: -5, max: 5 })),
    constraints: ['a < c + 8'],
    optimizers: [
      { 'cma-es': { workers: 8, evaluate } },
      { 'nelder-mead': { workers: 2, evaluate: 'inline' } },
      { random: { workers: 4, evaluate } },
    ],
    generator: 'basin-hopping',
    hunters: {
      any: [{ 'evaluations-unmoving': { calls: 40, tolerance: 0.2 } }, { 'min-evaluations': { calls: 90 } }],
    },
    stop: { any: [{ 'max-evaluations': 700 }, { 'target-value': -11 }] },
    cache: { tolerance: 1e-4 },
    manager: {
      maxJobs: 13,
      backend,
      maxWorkers,
      huntFrequency: 40,
      shareBest: true,
      migration: 'ring',
      reevaluateBest: 3,
      reproducible: true,
      seed: 21,
      containment: 'none',
    },
  };
}

async function record(
  backend: Level1,
  maxWorkers: number,
  evaluate = 'inline',
): Promise<ReturnType<typeof recordOf>> {
  const config = await resolveConfig(inputOf(backend, maxWorkers, evaluate), { baseDir: folder.path });
  const dir = folder.at(`${backend}-${maxWorkers}-${evaluate}`);
  await using manager = new GloMPOManager({ config, dir });
  const result = await manager.start();
  expect(result.evaluations).toBe(700);
  return recordOf(dir);
}

describe('a reproducible run', () => {
  it('has the same evaluations and decisions on every backend, with any number of workers', async () => {
    const reference = await record('inline', 8);
    // It would prove little without them.
    const types = new Set(reference.decisions.map((one) => (one as { type: string }).type));
    for (const type of ['hunt', 'kill', 'inject', 'optimizer-chosen', 'stop']) expect(types).toContain(type);
    for (const [backend, workers, evaluate] of [
      ['inline', 1, 'inline'],
      ['threads', 2, 'inline'],
      ['threads', 8, 'threads'],
      ['threads', 1, 'processes'],
      ['processes', 8, 'inline'],
      ['processes', 2, 'threads'],
      ['processes_forced', 2, 'processes'],
    ] as const) {
      const other = await record(backend, workers, evaluate);
      const about = `${backend} with ${workers} workers, evaluated ${evaluate}`;
      expect(other.evaluations, about).toEqual(reference.evaluations);
      expect(other.decisions, about).toEqual(reference.decisions);
    }
  });

  it('has the same log when it goes on where optimizers ask for more at once, or for fewer, than they did at first', async () => {
    const input = {
      task: { module: 'even.mjs' },
      parameters: ['a', 'b'].map((name) => ({ name, min: -5, max: 4 })),
      optimizers: [
        { 'cma-es': { restarts: 'ipop', populationSize: 4 } },
        { shade: { maxEvaluations: 500 } },
        'random',
      ],
      hunters: 'none',
      stop: { 'max-evaluations': 900 },
      manager: { maxJobs: 3, backend: 'inline', reproducible: true, seed: 9, containment: 'none' },
      baseDir: folder.path,
    } as const;
    folder.write(
      'even.mjs',
      `export default async (x) => {
        await new Promise((resolve) => setImmediate(resolve));
        return 20 + x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 0);
      };`,
    );
    await using whole = new GloMPOManager({ ...input, dir: folder.at('whole') });
    await whole.start();
    const dir = folder.at('parts');
    let parts = 0;
    for (let at = 150, isOver = false; !isOver; at += 150) {
      await using manager = at === 150 ? new GloMPOManager({ ...input, dir }) : GloMPOManager.resume(dir);
      const timer = setInterval(() => {
        if ((manager.progress()?.evaluations ?? 0) >= at) manager.suspend('for a test');
      }, 1);
      isOver = (await manager.start()).evaluations === 900;
      clearInterval(timer);
      parts++;
    }
    expect(parts).toBeGreaterThan(3);
    const [reference, resumed] = [recordOf(folder.at('whole')), recordOf(dir)];
    expect(resumed.evaluations).toEqual(reference.evaluations);
    expect(resumed.decisions).toEqual(reference.decisions);
  });

  it('fails with the cause when host after host dies at its start, and leaves none that runs in its log', async () => {
    folder.write('deadly.mjs', 'process.exit(3);');
    const config = await resolveConfig(
      { ...inputOf('threads', 2, 'inline'), task: { module: 'deadly.mjs' } },
      { baseDir: folder.path },
    );
    await using manager = new GloMPOManager({ config, dir: folder.at('deadly') });
    await expect(manager.start()).rejects.toMatchObject({ code: 'spawn-failing' });
    expect(
      query(folder.at('deadly'), "SELECT count(*) AS n FROM optimizers WHERE status = 'running'"),
    ).toEqual([{ n: 0 }]);
  });

  it('refuses what depends on the time things take, unless it is told that it may', async () => {
    const input = {
      ...inputOf('inline', 1, 'inline'),
      stop: { any: [{ 'max-evaluations': 5 }, { not: { 'max-seconds': 5 } }] },
    };
    const manager = { maxJobs: 13, reproducible: true, timeoutSeconds: 1, forceTerminationsAfterSeconds: 5 };
    await expect(resolveConfig({ ...input, manager }, { baseDir: folder.path })).rejects.toThrow(
      [
        'stop.any[1].not.max-seconds: max-seconds depends on the time things take, and manager.reproducible is true; leave it out, or set manager.allowTimed: true',
        'manager.timeoutSeconds: it depends on the time things take, and manager.reproducible is true; leave it out, or set manager.allowTimed: true',
        'manager.forceTerminationsAfterSeconds: it depends on the time things take, and manager.reproducible is true; leave it out, or set manager.allowTimed: true',
      ].join('\n'),
    );
    await resolveConfig({ ...input, manager: { ...manager, allowTimed: true } }, { baseDir: folder.path });
  });
});
