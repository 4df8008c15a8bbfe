import { describe, expect, it } from 'vitest';
import { BareLauncher } from '../../src/backends/hosts/bare.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { RunLog } from '../../src/log/contract.ts';
import { MemoryLog } from '../../src/log/memory-log.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { Run } from '../../src/manager/run.ts';

const SIZE = 3;

/** What a run leaves in a log, but for times. */
async function record(
  log: RunLog,
  sections: object,
): Promise<{ readonly batchEnds: readonly number[]; readonly [what: string]: unknown }> {
  const config = await resolveConfig(
    {
      task: { benchmark: 'rastrigin', dimension: SIZE },
      optimizers: ['cma-es', 'nelder-mead', 'random'],
      stop: { 'max-evaluations': 1500 },
      ...sections,
      manager: {
        maxJobs: 3,
        backend: 'inline',
        containment: 'none',
        seed: 3,
        reproducible: true,
        shareBest: true,
        huntFrequency: 100,
      },
    },
    { baseDir: '.' },
  );
  await using launcher = new BareLauncher(systemClock);
  const { fx, x, evaluations } = await new Run(config, {
    clock: systemClock,
    log,
    launcher,
    runDir: '',
  }).start();
  const rows = [...log.evaluations()];
  return {
    result: { fx, x, evaluations },
    rows: rows.map(({ x: point, at, ...row }) => ({ ...row, x: [...point()], at: typeof at() })),
    points: [1, 2, 700, rows.length, rows.length + 1].map((call) => log.point(call)),
    later: [...log.evaluations(rows.length - 7)].map(({ callId }) => callId),
    known: [log.known(0, 1e9), log.known(1400, 50), log.known(1e6, 50)],
    optimizers: log.optimizers().map((optimizer) => ({ ...optimizer, startedAt: 0 })),
    batchEnds: [...log.batchEnds()],
    decisions: log
      .events()
      .filter(({ kind }) => kind === 'decision')
      .map(({ callId, type, optimizerId, message, data }) => ({ callId, type, optimizerId, message, data })),
  };
}

/** SQLite gives buffers in the place of arrays. */
function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

describe('a log in memory', () => {
  it.each([
    ['in rounds of several optimizers', {}],
    ['with a cache', { cache: true }],
    ['with a tolerant cache that charges', { cache: { tolerance: 0.01, charge: true } }],
  ])('tells the same as a file: %s', async (_, sections) => {
    const [inMemory, inFile] = [
      await record(new MemoryLog(SIZE), sections),
      await record(new SqliteLog(':memory:', SIZE), sections),
    ];
    const { batchEnds: a, ...one } = inMemory;
    const { batchEnds: b, ...other } = inFile;
    expect(plain(one)).toEqual(plain(other));
    expect(a.at(-1)).toBe(b.at(-1));
    // The file has batches without evaluations, too.
    expect(b).toEqual(expect.arrayContaining([...a]));
  });

  it('may keep the latest calls alone', async () => {
    const [whole, latest] = [
      await record(new MemoryLog(SIZE), {}),
      await record(new MemoryLog(SIZE, 300), {}),
    ];
    expect(latest['result']).toEqual(whole['result']);
    const [all, kept] = [whole['rows'] as object[], latest['rows'] as object[]];
    expect(kept.length).toBeGreaterThanOrEqual(300);
    expect(kept.length).toBeLessThan(700);
    expect(kept).toEqual(all.slice(-kept.length));
  });
});
