import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const MANAGER = { maxJobs: 1, seed: 1, backend: 'inline', containment: 'none' } as const;

async function run(options: object): Promise<RunResult> {
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension: 3 },
    hunters: 'none',
    manager: MANAGER,
    dir: folder.at('run'),
    ...options,
  });
  return await manager.start();
}

const started = (): readonly { type: string; options: Record<string, unknown>; evaluations: number }[] =>
  query<{ type: string; options: string; evaluations: number }>(
    folder.at('run'),
    'SELECT type, options, evaluations FROM optimizers ORDER BY optimizer_id',
  ).map(({ options, ...rest }) => ({ ...rest, options: JSON.parse(options) as Record<string, unknown> }));

describe('what is started next', () => {
  it('differs from what was before it, where its options say so', async () => {
    await run({ optimizers: [{ 'cma-es': { spawns: 'ipop' } }], stop: { 'max-evaluations': 6000 } });
    expect(started().map(({ options }) => options['populationSize'] ?? 7)).toEqual(
      started().map((_, i) => 7 * 2 ** i),
    );
    expect(started().length).toBeGreaterThan(2);
  });

  it('gives small populations as many evaluations as large ones with bipop', async () => {
    await run({ optimizers: [{ 'cma-es': { spawns: 'bipop' } }], stop: { 'max-evaluations': 20_000 } });
    const all = started();
    const small = all.filter(({ options }) => options['maxEvaluations'] !== undefined);
    expect(small.length).toBeGreaterThan(1);
    for (const { options, evaluations } of small)
      expect(evaluations).toBeLessThan(Number(options['maxEvaluations']) + Number(options['populationSize']));
  });

  it('is the same after a resume in the middle', async () => {
    const options = {
      optimizers: {
        selector: { share: { weights: [1, 3] } },
        use: ['bfgs', { 'cma-es': { spawns: 'bipop' } }],
      },
      manager: { ...MANAGER, reproducible: true },
    };
    await run({ ...options, stop: { 'max-evaluations': 8000 } });
    const whole = started().map(({ type, options: its }) => ({ type, its }));
    await using manager = GloMPOManager.resume(folder.at('run'), { at: 3000, into: folder.at('again') });
    await manager.start();
    const again = query<{ type: string; options: string }>(
      folder.at('again'),
      'SELECT type, options FROM optimizers ORDER BY optimizer_id',
    );
    expect(again.map(({ type, options: its }) => ({ type, its: JSON.parse(its) as unknown }))).toEqual(whole);
    expect(new Set(whole.map(({ type }) => type)).size).toBe(2);
  });

  it('is started no more often than its maxStarts allows, whatever the selector says', async () => {
    for (const selector of ['cycle', 'random', 'bandit', 'share']) {
      const dir = folder.at(selector);
      const { evaluations } = await run({
        dir,
        optimizers: { selector, use: [{ bfgs: { maxStarts: 2 } }, 'nelder-mead'] },
        stop: { 'max-evaluations': 2000 },
      });
      expect(evaluations).toBe(2000);
      const [row] = query<{ n: number }>(dir, "SELECT count(*) AS n FROM optimizers WHERE type = 'bfgs'");
      expect(row!.n).toBeGreaterThan(0);
      expect(row!.n).toBeLessThanOrEqual(2);
    }
  });

  it('is of the type whose stage it is, though another one has waited for slots since the stage before', async () => {
    folder.write(
      'task.mjs',
      'export default async (x) => { await new Promise((r) => setTimeout(r, 2)); return x[0] ** 2 + x[1] ** 2; };',
    );
    await run({
      task: { module: 'task.mjs' },
      parameters: ['a', 'b'].map((name) => ({ name, min: -5, max: 5 })),
      baseDir: folder.path,
      optimizers: {
        selector: { chain: { thresholds: [60] } },
        use: [{ 'cma-es': { workers: 3, maxEvaluations: 200 } }, { random: { workers: 1 } }],
      },
      stop: { 'max-evaluations': 500 },
      manager: { ...MANAGER, maxJobs: 5 },
    });
    expect(started().map(({ type }) => type)).toEqual([
      'cma-es',
      'random',
      'random',
      'random',
      'random',
      'random',
    ]);
    const told = query<{ message: string; call_id: number }>(
      folder.at('run'),
      "SELECT message FROM events WHERE type = 'optimizer-chosen'",
    );
    expect(told[0]!.message).toBe('cma-es waits for 3 slots');
    const [first] = query<{ call: number }>(
      folder.at('run'),
      "SELECT min(started_after_call) AS call FROM optimizers WHERE type = 'random'",
    );
    expect(first!.call).toBeLessThan(80);
  });

  it('is nothing where no evaluations are left for one more', async () => {
    for (const reproducible of [false, true]) {
      const manager = { ...MANAGER, maxJobs: 8, reproducible };
      await run({ optimizers: ['random'], stop: { 'max-evaluations': 3 }, manager, overwrite: true });
      expect(started().length).toBeLessThanOrEqual(3);
      expect(query(folder.at('run'), 'SELECT count(*) AS n FROM evaluations')).toEqual([{ n: 3 }]);
    }
  });

  it('starts where the generator of its own says', async () => {
    const dir = folder.at('run');
    await run({
      optimizers: [
        'nelder-mead',
        { bfgs: { generator: { 'single-point': { point: { x1: 1, x2: 2, x3: -3 } } } } },
      ],
      stop: { 'max-evaluations': 5000 },
    });
    const starts = query<{ x: string; type: string }>(
      dir,
      `SELECT hex(e.x) AS x, o.type FROM optimizers o JOIN evaluations e USING (optimizer_id) WHERE candidate_id = 1`,
    );
    const points = (type: string): number =>
      new Set(starts.filter((one) => one.type === type).map(({ x }) => x)).size;
    expect(points('bfgs')).toBe(1);
  });

  it('is nothing, and the run ends, when all were', async () => {
    const { stopReason, optimizers } = await run({
      optimizers: [{ bfgs: { maxStarts: 2 } }, { 'nelder-mead': { maxStarts: 1 } }],
      stop: { 'max-evaluations': 100_000 },
    });
    expect(optimizers.started).toBe(3);
    expect(stopReason).toContain('each was started as often as its maxStarts allows');
  });
});
