import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Level1, Level2 } from '../../src/config/run-config.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { configFile, hasNats, TestWorker } from '../support/cluster.ts';
import { Folder } from '../support/folder.ts';

/** Every pair of levels that there is. */
const PAIRS: readonly { readonly backend: Level1; readonly evaluate: Level2 }[] = [
  { backend: 'inline', evaluate: 'inline' },
  { backend: 'threads', evaluate: 'inline' },
  { backend: 'threads', evaluate: 'threads' },
  { backend: 'threads', evaluate: 'processes' },
  { backend: 'processes', evaluate: 'inline' },
  { backend: 'processes', evaluate: 'threads' },
  { backend: 'processes_forced', evaluate: 'inline' },
  { backend: 'processes_forced', evaluate: 'threads' },
  { backend: 'processes_forced', evaluate: 'processes' },
  ...(hasNats
    ? ([
        { backend: 'threads', evaluate: 'cluster' },
        { backend: 'processes', evaluate: 'cluster' },
      ] as const)
    : []),
];

describe.each(PAIRS)('level 1 $backend, level 2 $evaluate', ({ backend, evaluate }) => {
  it('counts exactly 12345 evaluations with 4 optimizers, call ids without a gap', async () => {
    using folder = new Folder();
    const config = await resolveConfig(
      {
        task: { benchmark: 'rastrigin', dimension: 5 },
        optimizers: [
          { 'cma-es': { evaluate } },
          { 'nelder-mead': { evaluate } },
          { random: { evaluate } },
          { 'cma-es': { evaluate, populationSize: 20 } },
        ],
        stop: { 'max-evaluations': 12345 },
        manager: { maxJobs: 4, backend, seed: 7 },
      },
      { baseDir: folder.path },
    );
    const isCluster = evaluate === 'cluster';
    const dir = folder.at('run');
    await using _ = isCluster
      ? new TestWorker(folder, configFile(folder, config), dir, '--slots', '4')
      : undefined;
    await using manager = new GloMPOManager({ config, dir, ...(isCluster && { engine: {} }) });
    const result = await manager.start();
    expect(result.evaluations).toBe(12345);
    const [counts] = query<{ counted: number; first: number; last: number; ids: number }>(
      folder.at('run'),
      'SELECT sum(counted) counted, min(call_id) first, max(call_id) last, count(*) ids FROM evaluations',
    );
    expect(counts).toEqual({ counted: 12345, first: 1, last: 12345, ids: 12345 });
    expect(result.optimizers.started).toBeGreaterThanOrEqual(4);
    expect(result.optimizers.crashed).toBe(0);
  });
});
