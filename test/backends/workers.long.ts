import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

describe('10,000 evaluations of which every 50th kills its worker process', () => {
  it('are 10,000 rows, the failed ones marked, nothing missing, nobody left', async () => {
    using folder = new Folder();
    using marked = new Marked();
    folder.write(
      'task.mjs',
      "export default (x, { candidateId }) => { if (candidateId % 50 === 0) process.kill(process.pid, 'SIGKILL'); return x[0]; };",
    );
    const config = await resolveConfig(
      {
        task: { module: 'task.mjs' },
        parameters: [{ name: 'a', min: 0, max: 1 }],
        optimizers: [{ random: { workers: 4, evaluate: 'processes' } }],
        stop: { 'max-evaluations': 10_000 },
        manager: { maxJobs: 4, backend: 'processes_forced', seed: 1 },
      },
      { baseDir: folder.path },
    );
    await using manager = new GloMPOManager({ config, dir: folder.at('run') });
    const result = await manager.start();
    expect(result).toMatchObject({ evaluations: 10_000, optimizers: { started: 1, crashed: 0 } });
    expect(
      query(
        folder.at('run'),
        'SELECT status, attempts, count(*) AS n FROM evaluations GROUP BY 1, 2 ORDER BY 1',
      ),
    ).toEqual([
      { status: 'failed', attempts: 2, n: 200 },
      { status: 'ok', attempts: 1, n: 9800 },
    ]);
    const [ids] = query<{ n: number; last: number }>(
      folder.at('run'),
      'SELECT count(DISTINCT candidate_id) AS n, max(candidate_id) AS last FROM evaluations',
    );
    expect(ids).toEqual({ n: 10_000, last: 10_000 });
    expect(marked.alive()).toEqual([]);
  });
});
