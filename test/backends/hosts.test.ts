import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** Runs a task whose points are evaluated by the optimizers' hosts themselves. */
async function run(
  folder: Folder,
  source: string,
  backend: string,
  manager: object,
  more: object = {},
): Promise<RunResult> {
  folder.write('task.mjs', source);
  const config = await resolveConfig(
    {
      task: { module: 'task.mjs' },
      parameters: [{ name: 'a', min: 0, max: 1 }],
      optimizers: ['random'],
      hunters: 'none',
      stop: { 'max-evaluations': 60 },
      manager: { maxJobs: 1, backend, seed: 1, ...manager },
      ...more,
    },
    { baseDir: folder.path },
  );
  await using glompo = new GloMPOManager({ config, dir: folder.at('run') });
  return await glompo.start();
}

interface Ended {
  readonly status: string;
  readonly reason: string;
  readonly evaluations: number;
}

const OPTIMIZERS = 'SELECT status, reason, evaluations FROM optimizers ORDER BY optimizer_id';

/** Answers after a moment, so that what is finished is told; its 20th point is the end of it. */
const untilTwentieth = (end: string): string => `export default async (x, { candidateId, optimizerId }) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  if (candidateId === 20 && optimizerId === 1) { ${end} }
  return x[0];
};`;

describe.each(['threads', 'processes'])('an optimizer host on %s', (backend) => {
  const what = backend === 'threads' ? 'thread' : 'process';

  it('that dies is recorded as crashed, with its exit code and the end of its standard error, and replaced', async () => {
    using folder = new Folder();
    const source = untilTwentieth("console.error('about to die'); console.error('now'); process.exit(3);");
    const result = await run(folder, source, backend, {});
    expect(result).toMatchObject({ evaluations: 60, optimizers: { started: 2, crashed: 1 } });
    const [first, second] = query<Ended>(folder.at('run'), OPTIMIZERS);
    expect(first).toMatchObject({
      status: 'crashed',
      reason: `its ${what} ended with exit code 3; its standard error ends: about to die | now`,
    });
    // On a busy machine the last ones may have been on their way, which dies with it: they are made again.
    expect(first!.evaluations).toBeGreaterThan(9);
    expect(first!.evaluations).toBeLessThan(20);
    expect(second).toMatchObject({ status: 'stopped', evaluations: 60 - first!.evaluations });
    const events = query<{ type: string; data: string }>(
      folder.at('run'),
      "SELECT type, data FROM events WHERE type IN ('host-rebuilt', 'host-crashed') ORDER BY event_id",
    );
    // Brought back once, as an evaluation is tried again once; it died of the same point.
    expect(events.map(({ type }) => type)).toEqual(['host-rebuilt', 'host-crashed']);
  });

  it('that dies once is brought to where it was, and goes on', async () => {
    using folder = new Folder();
    const source = untilTwentieth(
      `const { existsSync, writeFileSync } = await import('node:fs');
      const marker = ${JSON.stringify(folder.at('died'))};
      if (!existsSync(marker)) { writeFileSync(marker, ''); process.exit(3); }`,
    );
    const result = await run(folder, source, backend, {});
    expect(result).toMatchObject({ evaluations: 60, optimizers: { started: 1, crashed: 0 } });
    const [first] = query<Ended>(folder.at('run'), OPTIMIZERS);
    expect(first).toMatchObject({ status: 'stopped', evaluations: 60 });
    // Each point once, those that died with the host included.
    const candidates = query<{ id: number }>(
      folder.at('run'),
      'SELECT candidate_id id FROM evaluations ORDER BY candidate_id',
    );
    expect(candidates.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('that hangs is ended by force, and replaced', async () => {
    using folder = new Folder();
    const result = await run(folder, untilTwentieth('for (;;);'), backend, {
      forceTerminationsAfterSeconds: 0.5,
    });
    expect(result).toMatchObject({ evaluations: 60, optimizers: { started: 2, crashed: 1 } });
    const [first] = query<Ended>(folder.at('run'), OPTIMIZERS);
    expect(first).toMatchObject({
      status: 'crashed',
      reason: 'no sign of life for 0.5 s (forceTerminationsAfterSeconds)',
    });
    expect(first!.evaluations).toBeGreaterThan(9);
    expect(first!.evaluations).toBeLessThan(20);
  });
});

describe.each(['inline', 'threads', 'processes'])('a kill on %s', (backend) => {
  /** Optimizer 1 is good; every other point of the others takes for ever. */
  const source = `export default async (x, { candidateId, optimizerId, signal }) => {
    if (optimizerId === 1) { await new Promise((resolve) => setTimeout(resolve, 5)); return 0; }
    if (candidateId % 2 === 0) await new Promise((resolve) => { setTimeout(resolve, 400); });
    return 1;
  };`;
  const more = {
    optimizers: [{ random: { workers: 2 } }],
    hunters: { 'evaluations-unmoving': { calls: 2, tolerance: 1 } },
    stop: { 'max-evaluations': 150 },
  };

  it('lets running evaluations finish', async () => {
    using folder = new Folder();
    await run(folder, source, backend, { maxJobs: 4, huntFrequency: 10 }, more);
    expect(
      query<Ended>(folder.at('run'), OPTIMIZERS).filter(({ status }) => status === 'killed').length,
    ).toBeGreaterThan(0);
    expect(
      query(folder.at('run'), "SELECT count(*) AS n FROM evaluations WHERE status = 'cancelled'"),
    ).toEqual([{ n: 0 }]);
  });

  it('cancels them when it is aggressive, and logs them as such', async () => {
    using folder = new Folder();
    await run(folder, source, backend, { maxJobs: 4, huntFrequency: 10, aggressiveKill: true }, more);
    const [{ n, last }] = query<{ n: number; last: number }>(
      folder.at('run'),
      "SELECT count(*) AS n, (SELECT count(*) FROM evaluations) AS last FROM evaluations WHERE status = 'cancelled'",
    ) as [{ n: number; last: number }];
    expect(n).toBeGreaterThan(0);
    expect(last).toBe(150);
  });
});
