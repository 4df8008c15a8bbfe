import { expect, it } from 'vitest';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** Ends of optimizers with the hunters that a configuration without any has. */
async function endsOf(options: object): Promise<readonly { status: string; reason: string; best: number }[]> {
  using folder = new Folder();
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension: 5 },
    optimizers: [{ 'cma-es': options }],
    stop: { 'max-evaluations': 15_000 },
    // How many are killed before they have converged is a matter of time, unless they go on in rounds.
    manager: { maxJobs: 2, seed: 1, backend: 'inline', containment: 'none', reproducible: true },
    dir: folder.at('run'),
  });
  await manager.start();
  return query(
    folder.at('run'),
    'SELECT status, reason, best_fx AS best FROM optimizers ORDER BY optimizer_id',
  );
}

it('kill what approaches a worse minimum, and nothing else', async () => {
  const ends = await endsOf({});
  const killed = ends.filter(({ status }) => status === 'killed');
  expect(killed.length).toBeGreaterThan(2);
  const incumbent = Math.min(...ends.map(({ best }) => best));
  for (const { reason, best } of killed) {
    expect(reason).toMatch(/min-evaluations.*forecast \S+ > best/);
    expect(best).toBeGreaterThan(incumbent);
  }
});

it('leave alone what restarts by itself', async () => {
  const ends = await endsOf({ restarts: 'bipop' });
  expect(ends.map(({ status }) => status)).toEqual(['stopped', 'stopped']);
});
