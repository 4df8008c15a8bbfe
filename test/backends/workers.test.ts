import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { configFile, hasNats, TestWorker } from '../support/cluster.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

interface Row {
  readonly status: string;
  readonly error: string | null;
  readonly attempts: number;
  readonly count: number;
}

const COUNTS =
  'SELECT status, error, attempts, count(*) AS count FROM evaluations GROUP BY 1, 2, 3 ORDER BY 1, 2, 3';

/** Runs `evaluations` of a task with one random optimizer on 4 workers. */
async function run(
  folder: Folder,
  source: string,
  backend: string,
  evaluate: string,
  evaluations: number,
  more: object = {},
): Promise<RunResult> {
  folder.write('task.mjs', source);
  const config = await resolveConfig(
    {
      task: { module: 'task.mjs' },
      parameters: [{ name: 'a', min: 0, max: 1 }],
      optimizers: [{ random: { workers: 4, evaluate } }],
      stop: { 'max-evaluations': evaluations },
      manager: { maxJobs: 4, backend, seed: 1, ...more },
    },
    { baseDir: folder.path },
  );
  const isCluster = evaluate === 'cluster';
  const dir = folder.at('run');
  await using _ = isCluster
    ? new TestWorker(folder, configFile(folder, config), dir, '--slots', '4')
    : undefined;
  await using manager = new GloMPOManager({ config, dir, ...(isCluster && { engine: {} }) });
  return await manager.start();
}

if (!hasNats) console.warn('no nats-server here: level 2 cluster is not tested');

describe.each([
  ['threads', 'threads'],
  ['threads', 'processes'],
  ['processes', 'threads'],
  ['processes_forced', 'threads'],
  ['processes_forced', 'processes'],
  ...(hasNats ? [['threads', 'cluster']] : []),
])('level 1 %s, level 2 %s', (backend, evaluate) => {
  const kill = evaluate === 'threads' ? 'process.exit(7)' : "process.kill(process.pid, 'SIGKILL')";

  it('tries an evaluation again whose worker died, and records it as failed when that dies too', async () => {
    using folder = new Folder();
    const source = `export default (x, { candidateId }) => { if (candidateId % 50 === 0) ${kill}; return x[0]; };`;
    const result = await run(folder, source, backend, evaluate, 400);
    expect(result).toMatchObject({ evaluations: 400, optimizers: { started: 1, crashed: 0 } });
    const rows = query<Row>(folder.at('run'), COUNTS);
    expect(rows).toMatchObject([
      { status: 'failed', attempts: 2, count: 8 },
      { status: 'ok', attempts: 1, count: 392 },
    ]);
    expect(rows[0]!.error).toMatch(
      evaluate === 'threads' ? /^its worker died: its thread died/ : /^its worker died: .*SIGKILL/,
    );
  });

  it('ends an evaluation that takes too long, also an endless loop, and goes on', async () => {
    using folder = new Folder();
    const source =
      'export default (x, { candidateId }) => { if (candidateId % 10 === 0) for (;;); return x[0]; };';
    const result = await run(folder, source, backend, evaluate, 40, { timeoutSeconds: 0.3 });
    expect(result).toMatchObject({ evaluations: 40, optimizers: { started: 1, crashed: 0 } });
    expect(query<Row>(folder.at('run'), COUNTS)).toMatchObject([
      { status: 'ok', count: 36 },
      { status: 'timeout', error: 'it took longer than timeoutSeconds, 0.3 s', count: 4 },
    ]);
  });

  it('keeps every value, failure and extra column of quick evaluations in chunks', async () => {
    using folder = new Folder();
    const source = `export default (x, { candidateId }) => {
      if (candidateId % 7 === 0) throw new Error('seventh');
      return candidateId % 5 === 0 ? { value: x[0], extras: { id: candidateId }, violation: candidateId % 2 } : x[0];
    };`;
    await run(folder, source, backend, evaluate, 5000);
    const rows = query<{
      candidate_id: number;
      x: Buffer;
      fx: number | null;
      error: string;
      extras: string;
      violation: number;
    }>(folder.at('run'), 'SELECT * FROM evaluations');
    expect(rows).toHaveLength(5000);
    for (const { candidate_id: id, x, fx, error, extras, violation } of rows) {
      if (id % 7 === 0) expect([fx, error]).toEqual([null, 'task threw Error: seventh']);
      else {
        expect([fx, error]).toEqual([x.readDoubleLE(), null]);
        expect(extras).toBe(id % 5 === 0 ? `{"id":${id}}` : null);
        expect(violation).toBe(id % 5 === 0 && id % 2 === 1 ? 1 : null);
      }
    }
    expect(new Set(rows.map(({ candidate_id }) => candidate_id)).size).toBe(5000);
  });

  it('leaves no process behind', async () => {
    using folder = new Folder();
    using marked = new Marked();
    folder.write('seen', '');
    const source = `import { appendFileSync } from 'node:fs';
    export default (x) => { appendFileSync(${JSON.stringify(folder.at('seen'))}, process.env.GLOMPO_TEST_MARK + ' '); return x[0]; };`;
    await run(folder, source, backend, evaluate, 100);
    // The mark reaches those who evaluate, so that nobody could hide from what follows.
    expect(new Set(folder.read('seen').trim().split(' '))).toEqual(
      new Set([process.env['GLOMPO_TEST_MARK']]),
    );
    expect(marked.alive()).toEqual([]);
  });
});

describe('an asynchronous task evaluated inline', () => {
  it.each(['inline', 'threads', 'processes'])(
    'is given up when it takes too long, on %s; it is told by its signal',
    async (backend) => {
      using folder = new Folder();
      const source = `import { appendFileSync } from 'node:fs';
    export default (x, { candidateId, signal }) => candidateId % 10 === 0
      ? new Promise(() => signal.addEventListener('abort', () => appendFileSync(${JSON.stringify(folder.at('aborted'))}, candidateId + ' ')))
      : Promise.resolve(x[0]);`;
      await run(folder, source, backend, 'inline', 40, { timeoutSeconds: 0.1 });
      expect(query<Row>(folder.at('run'), COUNTS)).toMatchObject([
        { status: 'ok', count: 36 },
        { status: 'timeout', count: 4 },
      ]);
      expect(folder.read('aborted')).toBe('10 20 30 40 ');
    },
  );
});
