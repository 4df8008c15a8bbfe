import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { fromBytes } from '../../src/log/float64.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

async function run(folder: Folder, config: object): Promise<RunResult> {
  const resolved = await resolveConfig(config, { baseDir: folder.path });
  await using manager = new GloMPOManager({ config: resolved, dir: folder.at('run') });
  return await manager.start();
}

const PARAMETERS = [
  { name: 'a', min: -5, max: 5 },
  { name: 't', value: '= -a - b', min: -3 },
  { name: 'b', min: -5, max: 5 },
  { name: 'n', min: 1, max: 9, type: 'integer' },
];

describe.each(['inline', 'threads'] as const)('a run with constraints on %s', (backend) => {
  it('evaluates points where all of them hold, and counts no others', async () => {
    using folder = new Folder();
    folder.write('task.js', 'export default (x) => x.reduce((sum, v) => sum + v * v, 0);');
    const result = await run(folder, {
      task: { module: 'task.js' },
      parameters: PARAMETERS,
      constraints: ['a < b', 'n >= a^2', 'b - a >= 0.5'],
      optimizers: ['cma-es', { 'nelder-mead': { workers: 2 } }, 'random'],
      stop: { 'max-evaluations': 2000 },
      // Free running, the share of each optimizer depends on time, and random points alone do not come as close.
      manager: { maxJobs: 4, backend, seed: 5, reproducible: true },
    });
    expect(result.evaluations).toBe(2000);
    expect(result.optimizers.crashed).toBe(0);
    const rows = query<{ x: Buffer; violation: number | null; status: string }>(
      folder.at('run'),
      'SELECT x, violation, status FROM evaluations',
    );
    expect(rows).toHaveLength(2000);
    for (const { x, violation, status } of rows) {
      const [a, t, b, n] = fromBytes(x) as unknown as [number, number, number, number];
      expect({ violation, status }).toEqual({ violation: null, status: 'ok' });
      expect(t).toBe(-a - b + 0);
      expect([t >= -3, a < b, n >= a ** 2, b - a >= 0.5]).toEqual([true, true, true, true]);
    }
    // The least of a² + (a + b)² + b² + n² with n = 1 is where b = a + 1/2: a = -1/4.
    expect(result.fx).toBeCloseTo(1.125, 3);
  });

  // One that never ends by itself and, inline, others that do, without having found anything.
  it.each(backend === 'inline' ? ['nelder-mead', 'cma-es'] : ['random'])(
    'ends with the reason when they contradict each other: %s',
    async (optimizer) => {
      using folder = new Folder();
      const failing = run(folder, {
        task: { benchmark: 'sphere', dimension: 2 },
        constraints: ['x1 < x2', 'x1 > x2 + 1'],
        optimizers: [optimizer],
        stop: { 'max-evaluations': 100 },
        manager: { maxJobs: 1, backend, seed: 5 },
      });
      await expect(failing).rejects.toThrow(
        /^6 optimizers in a row crashed before their first evaluation; the last one: .* points in a row that may not be evaluated, \d+ of them because of x1/,
      );
      expect(query(folder.at('run'), 'SELECT * FROM evaluations')).toEqual([]);
    },
  );
});

it('a host that refuses point after point leaves its thread to others in between', async () => {
  using folder = new Folder();
  const config = await resolveConfig(
    {
      task: { benchmark: 'sphere', dimension: 2 },
      constraints: ['x1 > x2 + 100'],
      optimizers: ['random'],
      stop: { 'max-evaluations': 100 },
      manager: { maxJobs: 1, backend: 'inline', seed: 5 },
    },
    { baseDir: folder.path },
  );
  await using manager = new GloMPOManager({ config, dir: folder.at('run') });
  let turns = 0;
  const turn = (): void => {
    turns++;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  manager.events$.subscribe(({ type }) => {
    if (type === 'optimizer-started') turns = 0;
    if (type === 'run-failed') clearImmediate(next);
  });
  await expect(manager.start()).rejects.toThrow('because of x1 > x2 + 100');
  // All the while that the last one asked for 10,000 points.
  expect(turns).toBeGreaterThan(1);
});
