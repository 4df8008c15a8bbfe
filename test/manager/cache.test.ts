import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { readLog } from '../../src/log/reader.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** Notes every point that it is called with. */
const TASK = `
import { appendFileSync } from 'node:fs';
export default function task(x) {
  appendFileSync(new URL('calls', import.meta.url), x.join(' ') + '\\n');
  const value = (x[0] - 3) ** 2 + (x[1] - 4) ** 2 + x[2];
  return { value, extras: { sum: x[0] + x[1] }, violation: x[1] > 7 ? x[1] - 7 : 0 };
}`;

const CONFIG = {
  task: { module: 'task.js' },
  parameters: [
    { name: 'a', min: 0, max: 9, type: 'integer' },
    { name: 'b', min: 0, max: 9, type: 'integer' },
    { name: 'c', value: 1 },
  ],
  optimizers: ['random', 'nelder-mead', { 'cma-es': { populationSize: 8 } }],
  hunters: 'none',
};

function callsOf(folder: Folder): readonly string[] {
  const file = folder.at('calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

interface Row {
  readonly point: string;
  readonly status: string;
  readonly fx: number | null;
  readonly violation: number | null;
  readonly extras: string | null;
  readonly counted: number;
  readonly attempts: number;
  readonly worker: string;
}

const rowsOf = (folder: Folder): readonly Row[] =>
  query<Row>(
    folder.at('run'),
    'SELECT hex(x) point, status, fx, violation, extras, counted, attempts, worker FROM evaluations ORDER BY call_id',
  );

async function run(
  folder: Folder,
  config: Readonly<Record<string, unknown>>,
  manager: Readonly<Record<string, unknown>> = {},
): Promise<RunResult> {
  folder.write('task.js', TASK);
  const resolved = await resolveConfig(
    {
      ...CONFIG,
      ...config,
      manager: { maxJobs: 3, backend: 'inline', containment: 'none', seed: 3, ...manager },
    },
    { baseDir: folder.path },
  );
  await using started = new GloMPOManager({ config: resolved, dir: folder.at('run') });
  return await started.start();
}

describe.each(['inline', 'threads', 'processes'] as const)('a run with a cache on %s', (backend) => {
  it('evaluates no known point again, gives all that is known of it, and ends when nothing new is asked for', async () => {
    using folder = new Folder();
    const result = await run(folder, { cache: true, stop: { 'max-evaluations': 2000 } }, { backend });
    expect(result.stopReason).toMatch(
      /^no optimizer is left, and no more are started: all that the last 1\d asked for was known already \(cache\)$/,
    );
    const rows = rowsOf(folder);
    const evaluated = rows.filter(({ attempts }) => attempts > 0);
    const hits = rows.filter(({ attempts }) => attempts === 0);
    expect(callsOf(folder)).toHaveLength(evaluated.length);
    expect(evaluated.every(({ counted }) => counted === 1)).toBe(true);
    expect(result.evaluations).toBe(evaluated.length);
    expect(readLog(folder.at('run'), (reader) => reader.summary().evaluations)).toBe(evaluated.length);
    expect(result.fx).toBe(1);
    expect(hits.length).toBeGreaterThan(100);
    for (const { point, worker, counted, ...hit } of hits) {
      expect({ worker, counted }).toEqual({ worker: 'cache', counted: 0 });
      expect(evaluated).toContainEqual(
        expect.objectContaining({
          point,
          status: 'ok',
          fx: hit.fx,
          violation: hit.violation,
          extras: hit.extras,
        }),
      );
    }
    const reasons = query<{ reason: string }>(
      folder.at('run'),
      "SELECT reason FROM optimizers WHERE reason LIKE 'repeats%'",
    );
    expect(reasons.length).toBeGreaterThan(0);
  });

  it('charges for known points when it is told so, and spends its budget to the last', async () => {
    using folder = new Folder();
    const cache = { charge: true, maxHitsInARow: 1000 };
    const result = await run(folder, { cache, stop: { 'max-evaluations': 700 } }, { backend });
    const rows = rowsOf(folder);
    expect(rows).toHaveLength(700);
    expect(result.evaluations).toBe(700);
    expect(rows.every(({ counted }) => counted === 1)).toBe(true);
    expect(callsOf(folder)).toHaveLength(rows.filter(({ attempts }) => attempts > 0).length);
    expect(callsOf(folder).length).toBeLessThan(600);
  });
});

describe('a cache', () => {
  it('evaluates every point once where one optimizer runs at a time, through a suspension and a resume', async () => {
    using folder = new Folder();
    folder.write('task.js', TASK);
    const config = await resolveConfig(
      {
        ...CONFIG,
        optimizers: ['random', 'nelder-mead'],
        cache: true,
        stop: { 'max-evaluations': 2000 },
        manager: { maxJobs: 1, backend: 'threads', containment: 'none', seed: 3 },
      },
      { baseDir: folder.path },
    );
    {
      await using first = new GloMPOManager({ config, dir: folder.at('run') });
      first.events$.subscribe(({ type, optimizerId }) => {
        if (type === 'optimizer-ended' && optimizerId === 2) first.suspend('test');
      });
      expect((await first.start()).isSuspended).toBe(true);
    }
    const before = callsOf(folder).length;
    expect(before).toBeGreaterThan(10);
    await using second = GloMPOManager.resume(folder.at('run'));
    const { stopReason } = await second.start();
    expect(stopReason).toContain('known already');
    const calls = callsOf(folder);
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('takes a nearby value within its tolerance, and none outside', async () => {
    using folder = new Folder();
    const parameters = ['a', 'b'].map((name) => ({ name, min: 0, max: 8 }));
    await run(folder, {
      parameters: [...parameters, { name: 'c', value: 1 }],
      cache: { tolerance: 0.1 },
      stop: { 'max-evaluations': 60 },
    });
    const rows = query<{ x: Buffer; fx: number; attempts: number }>(
      folder.at('run'),
      "SELECT x, fx, attempts FROM evaluations WHERE status = 'ok' ORDER BY call_id",
    ).map(({ x, ...rest }) => ({ ...rest, a: x.readDoubleLE(0), b: x.readDoubleLE(8) }));
    const evaluated = rows.filter(({ attempts }) => attempts > 0);
    const hits = rows.filter(({ attempts }) => attempts === 0);
    expect(hits.length).toBeGreaterThan(10);
    for (const { a, b, fx } of hits) {
      const source = evaluated.filter((one) => one.fx === fx);
      expect(source.some((one) => Math.max(Math.abs(one.a - a), Math.abs(one.b - b)) <= 0.8)).toBe(true);
    }
  });

  it('is not asked by an optimizer that evaluates points again to see how noisy they are', async () => {
    using folder = new Folder();
    await run(folder, {
      cache: true,
      optimizers: [{ 'cma-es': { populationSize: 8, noise: 'reevaluate' } }],
      stop: { 'max-evaluations': 60 },
    });
    const rows = rowsOf(folder);
    expect(rows.filter(({ attempts, worker }) => attempts === 0 || worker === 'cache')).toEqual([]);
    // Ten evaluations of eight points.
    expect(new Set(rows.slice(0, 10).map(({ point }) => point)).size).toBeLessThanOrEqual(8);
  });

  it('is not asked for re-evaluations of the best point', async () => {
    using folder = new Folder();
    const { noise } = await run(
      folder,
      { cache: true, stop: { 'max-evaluations': 60 } },
      { reevaluateBest: 5 },
    );
    expect(noise?.evaluations).toBe(5);
    expect(
      rowsOf(folder)
        .slice(-5)
        .every(({ attempts }) => attempts === 1),
    ).toBe(true);
  });
});
