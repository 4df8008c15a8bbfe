import { openOffice } from '../../../src/backends/cluster/office.ts';
import { encodePoints } from '../../../src/backends/cluster/evaluations.ts';
import { startOwnServer } from '../../../src/backends/cluster/own-server.ts';
import { writeRendezvous } from '../../../src/backends/cluster/rendezvous.ts';
import { RENDEZVOUS } from '../../../src/manager/engine-options.ts';
import path from 'node:path';

/** What it takes from handing in a job until its answer is there, in milliseconds. */
export interface Latency {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/**
 * Jobs of one point each, one at a time.
 *
 * @param dir where workers find the engine
 * @param size numbers of a point
 * @param slots of workers that are awaited
 */
export async function latencyOf(dir: string, size: number, slots: number, jobs: number): Promise<Latency> {
  await using server = await startOwnServer(dir, undefined);
  const { connection } = server;
  const all = Promise.withResolvers<void>();
  const run = { connection, runId: 'latency', epoch: 1 };
  await using office = await openOffice({
    ...run,
    admit: () => ({ welcome: {} }),
    onEvent: () => {
      if (office.slots >= slots) all.resolve();
    },
  });
  await writeRendezvous(path.join(dir, RENDEZVOUS), { ...run, launchKey: '' });
  await all.promise;
  using desk = office.open();
  const { signal } = new AbortController();
  const job = encodePoints({ optimizerId: 1, wantsGradient: false, retries: 0 }, [
    { candidateId: 1, x: new Float64Array(size).fill(0.5) },
  ]);
  const times: number[] = [];
  // The first ones are slower: code is compiled.
  for (let i = -100; i < jobs; i++) {
    const began = performance.now();
    await desk.run(job, signal);
    if (i >= 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { medianMs: times[jobs >> 1]!, p99Ms: times[Math.floor(0.99 * jobs)]! };
}
