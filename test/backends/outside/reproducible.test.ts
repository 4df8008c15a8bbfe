import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Level1 } from '../../../src/config/run-config.ts';
import { RandomStream } from '../../../src/core/random.ts';
import { GloMPOManager } from '../../../src/manager/manager.ts';
import { runCli, startCli } from '../../support/cli.ts';
import { Folder } from '../../support/folder.ts';
import { recordOf } from '../../support/record.ts';
import { Marked } from '../../support/survivors.ts';
import { countIn, endsIn, walkers, type WalkerRun } from './support.ts';

const BUDGET = 150;

/** Two kinds, one of which is done after a while and takes points of others; rounds that cut their batches; points that are refused or known. */
function how(backend: Level1, maxWorkers: number): WalkerRun {
  return {
    options: { batch: 5, snapshot: true },
    budget: BUDGET,
    manager: {
      backend,
      maxWorkers,
      reproducible: true,
      roundEvaluations: 3,
      maxJobs: 5,
      huntFrequency: 20,
      shareBest: true,
      endTimeoutSeconds: 0.3,
    },
    more: {
      constraints: ['a < b + 4'],
      cache: { tolerance: 1e-3 },
      hunters: { 'evaluations-unmoving': { calls: 30, tolerance: 0.05 } },
    },
  };
}

function input(folder: Folder, backend: Level1, maxWorkers: number): Readonly<Record<string, unknown>> {
  const config = walkers(folder, how(backend, maxWorkers));
  const [walker] = config['optimizers'] as readonly [{ readonly program: { readonly options: object } }];
  const second = { ...walker.program, workers: 3, options: { batch: 2, points: 24, inject: true } };
  return { ...config, optimizers: [walker, { program: second }, { 'nelder-mead': { workers: 1 } }] };
}

describe('a reproducible run with optimizers that are programs', () => {
  it('has the same evaluations and decisions on every backend, with any number of workers', async () => {
    using folder = new Folder();
    const record = async (backend: Level1, maxWorkers: number): Promise<ReturnType<typeof recordOf>> => {
      const dir = folder.at(`${backend}-${maxWorkers}`);
      await using manager = new GloMPOManager({ ...input(folder, backend, maxWorkers), dir } as never);
      await manager.start();
      expect(endsIn(dir).filter(({ status }) => status === 'crashed')).toEqual([]);
      return recordOf(dir);
    };
    const reference = await record('inline', 1);
    const types = new Set(reference.decisions.map((one) => (one as { type: string }).type));
    for (const type of ['hunt', 'inject', 'optimizer-ended']) expect(types).toContain(type);
    for (const [backend, workers] of [
      ['inline', 5],
      ['threads', 1],
      ['threads', 5],
      ['processes', 5],
    ] as const) {
      const other = await record(backend, workers);
      expect(other, `${backend} with ${workers} workers`).toEqual(reference);
    }
  });

  it('has the same log when its manager is killed by SIGKILL, and resumed, time and again', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const random = RandomStream.at(5, 'kill');
    const { baseDir: _, ...config } = input(folder, 'threads', 5);
    folder.write('c.json', JSON.stringify(config));
    await runCli(['run', 'c.json', '--dir', 'whole', '--json'], folder.path);
    let session = startCli(['run', 'c.json', '--dir', 'run', '--json'], folder.path);
    for (let kills = 0; kills < 3; kills++) {
      // Not before it has done something in this session.
      const before = countIn(folder.at('run'), 'evaluations');
      while (countIn(folder.at('run'), 'evaluations') < before + 6) await sleep(10);
      await sleep(30 * random.uniform());
      session.kill('SIGKILL');
      await session;
      expect(await marked.gone(2000)).toEqual([]);
      session = startCli(['resume', 'run', '--json'], folder.path);
    }
    const { exitCode, stderr } = await session;
    expect(exitCode, stderr).toBe(0);
    expect(recordOf(folder.at('run'))).toEqual(recordOf(folder.at('whole')));
    expect(countIn(folder.at('run'), "events WHERE type = 'resumed'")).toBeGreaterThan(1);
  }, 240_000);

  it('refuses one that announces points while others are evaluated', async () => {
    using folder = new Folder();
    const config = walkers(folder, { options: { async: true }, manager: { reproducible: true } });
    await using manager = new GloMPOManager({ ...config, dir: folder.at('run') } as never);
    await expect(manager.start()).rejects.toThrow(
      'the program of program announces points while others are evaluated (async), which a reproducible run does not allow',
    );
  });
});
