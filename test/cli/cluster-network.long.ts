import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hasNats } from '../support/cluster.ts';
import { query } from '../support/database.ts';
import { evaluationsIn, prepareFit } from '../support/fit.ts';
import { Folder } from '../support/folder.ts';
import { hasNetworks, TwoMachines } from '../support/network.ts';
import { Marked } from '../support/survivors.ts';

if (!hasNats || !hasNetworks)
  console.warn('no nats-server, or no network namespaces here: cables that are cut are not tested');

const EVALUATIONS = 600;

/** All of a budget, each once. */
function expectExactly(dir: string): void {
  const [counts] = query(
    dir,
    `SELECT count(*) AS rows, count(DISTINCT optimizer_id || '/' || candidate_id) AS candidates,
     sum(counted) AS counted, sum(status = 'ok') AS ok, max(call_id) AS last FROM evaluations`,
  );
  const all = EVALUATIONS;
  expect(counts).toEqual({ rows: all, candidates: all, counted: all, ok: all, last: all });
}

async function reach(dir: string, evaluations: number): Promise<void> {
  while (evaluationsIn(dir) < evaluations) await sleep(20);
}

describe.skipIf(!hasNats || !hasNetworks)('a run whose workers are on another machine', () => {
  it.each([3, 60])('goes on after the cable between them was cut for %i s', async (seconds) => {
    using machines = new TwoMachines();
    using folder = new Folder();
    using marked = new Marked();
    prepareFit(folder, EVALUATIONS);
    const dir = folder.at('run');
    const run = machines.glompo(
      'a',
      ['run', 'fit.yaml', '--dir', dir, '--engine', 'own', '--engine-listen', machines.address],
      folder.path,
    );
    const workers = [1, 2].map(() =>
      machines.glompo(
        'b',
        ['worker', 'fit.yaml', '--join', dir, '--slots', '2', '--linger', '120'],
        folder.path,
      ),
    );
    await reach(dir, 100);
    machines.isCut = true;
    await sleep(1000 * seconds);
    const during = evaluationsIn(dir);
    machines.isCut = false;
    await reach(dir, during + 50);
    expect((await run).exitCode).toBe(0);
    for (const worker of workers) expect((await worker).exitCode).toBe(0);
    expectExactly(dir);
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('goes on after the engine was killed and started again, and a worker was killed', async () => {
    using machines = new TwoMachines();
    using folder = new Folder();
    using marked = new Marked();
    prepareFit(folder, EVALUATIONS);
    folder.write(
      'nats.conf',
      `listen: "${machines.address}:4222"\nauthorization { token: "t0ken-of-a-test" }\njetstream { store_dir: "${folder.at('nats')}" }\n`,
    );
    process.env['GLOMPO_ENGINE_TOKEN'] = 't0ken-of-a-test';
    const server = (): ReturnType<TwoMachines['start']> =>
      machines.start('a', '/usr/sbin/nats-server', ['-c', 'nats.conf'], folder.path);
    const first = server();
    const dir = folder.at('run');
    const url = `nats://${machines.address}:4222`;
    const run = machines.glompo('a', ['run', 'fit.yaml', '--dir', dir, '--engine', url], folder.path);
    const [killed, other] = [1, 2].map(() =>
      machines.glompo('b', ['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path),
    );
    await reach(dir, 100);
    first.kill('SIGKILL');
    await first;
    await sleep(500);
    const second = server();
    await reach(dir, 200);
    killed!.kill('SIGKILL');
    expect((await run).exitCode).toBe(0);
    expect((await other!).exitCode).toBe(0);
    expectExactly(dir);
    second.kill('SIGKILL');
    await second;
    delete process.env['GLOMPO_ENGINE_TOKEN'];
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('is resumed after its manager was killed, with a worker that stayed and others that had left', async () => {
    using machines = new TwoMachines();
    using folder = new Folder();
    using marked = new Marked();
    prepareFit(folder, EVALUATIONS);
    const dir = folder.at('run');
    const engine = ['--engine', 'own', '--engine-listen', machines.address];
    const worker = (linger: number): ReturnType<TwoMachines['glompo']> =>
      machines.glompo(
        'b',
        ['worker', 'fit.yaml', '--join', dir, '--slots', '2', '--linger', String(linger)],
        folder.path,
      );
    const run = machines.glompo('a', ['run', 'fit.yaml', '--dir', dir, ...engine], folder.path);
    const [stayed, left] = [worker(120), worker(2)];
    await reach(dir, 100);
    run.kill('SIGKILL');
    expect((await left).exitCode).toBe(1);
    const before = evaluationsIn(dir);
    const again = machines.glompo('a', ['resume', dir, ...engine], folder.path);
    await reach(dir, before + 50);
    const late = worker(10);
    expect((await again).exitCode).toBe(0);
    expect((await stayed).exitCode).toBe(0);
    expect((await late).exitCode).toBe(0);
    expectExactly(dir);
    expect(await marked.gone(3000)).toEqual([]);
  });
});
