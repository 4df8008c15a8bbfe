import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { AgentOptions } from '../../../src/backends/cluster/contract.ts';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { namesOf } from '../../../src/backends/cluster/names.ts';
import { numbers, valuesOf } from './payloads.ts';
import {
  ChildManager,
  ChildWorker,
  hasServer,
  never,
  openTestOffice,
  startTestAgent,
  TestEngine,
  until,
} from './support.ts';

describe.skipIf(!hasServer).concurrent('a run that goes on after its manager was killed', () => {
  it('in the same engine: its workers join again, give up the old jobs, and nothing of them is left', async ({
    expect,
  }) => {
    await using engine = await TestEngine.start();
    const { connection } = engine;
    const runId = 'resumed';
    const aborted: number[] = [];
    const perform: AgentOptions['perform'] = async (payload, _, signal) => {
      const [value = 0, ms = 0] = valuesOf(payload);
      signal.addEventListener('abort', () => aborted.push(value));
      await delay(ms, undefined, { signal });
      return payload;
    };
    await using first = new ChildManager({ connection, runId, epoch: 1, jobs: 6 });
    await using worker = startTestAgent(connection, runId, perform, { slots: 2 });
    await until(() => first.begun === 2, 'two have begun, and others wait');
    await first[Symbol.asyncDispose]();
    await using second = await openTestOffice(connection, { runId, epoch: 2 });
    using desk = second.office.open();
    expect(valuesOf(await desk.run(numbers(10, 0), never))).toEqual([10, 0]);
    expect(aborted.toSorted((a, b) => a - b)).toEqual([1, 2]);
    const { nats, streams } = await connectEngine(connection, 'test');
    const infos = await streams.streams.list(`glompo.${runId}.job.>`).next();
    await nats.close();
    expect(infos.map(({ config }) => config.name)).toEqual([expect.stringMatching(/^glompo-resumed-2-/)]);
    expect(second.office.workers.map(({ id }) => id)).toHaveLength(1);
    await second.office[Symbol.asyncDispose]();
    expect(await worker.agent.ended).toEqual({ kind: 'over' });
  });

  it('is over for a worker that was not told so, when it finds the run no more', async ({ expect }) => {
    const engine = await TestEngine.start();
    const { connection } = engine;
    await using manager = await openTestOffice(connection);
    const { runId } = manager;
    let isThere = true;
    await using worker = startTestAgent(connection, runId, (payload) => Promise.resolve(payload), {
      connection: () => Promise.resolve(isThere ? { connection, runId } : undefined),
    });
    await until(() => manager.office.slots === 1, 'it joined');
    isThere = false;
    await engine[Symbol.asyncDispose]();
    expect(await worker.agent.ended).toEqual({ kind: 'over' });
  });

  it('takes no answer to what an earlier session asked', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection, { epoch: 2 });
    using desk = manager.office.open();
    const job = desk.run(numbers(5), never);
    const names = namesOf(manager.runId);
    const { nats } = await connectEngine(engine.connection, 'test');
    const address = { job: 1, delivery: 1, worker: 'late' };
    const stale = await nats.request(names.result({ ...address, epoch: 1 }), numbers(666));
    expect(stale.json()).toBe('stale');
    const taken = await nats.request(names.result({ ...address, epoch: 2 }), numbers(7));
    expect(taken.json()).toBe('taken');
    expect(valuesOf(await job)).toEqual([7]);
    // Told again, since the word that it was taken was lost.
    const again = await nats.request(names.result({ ...address, epoch: 2 }), numbers(8));
    expect(again.json()).toBe('taken');
    expect(manager.office.counts.duplicates).toBe(1);
    await nats.close();
  });

  it('a worker that is left alone ends when nobody comes', async ({ expect }) => {
    await using engine = await TestEngine.start();
    const { connection } = engine;
    await using manager = new ChildManager({ connection, runId: 'left', epoch: 1, jobs: 1 });
    await using worker = new ChildWorker(connection, 'left', { lingerSeconds: 2 });
    await until(() => manager.begun === 1, 'it is at work');
    await manager[Symbol.asyncDispose]();
    await worker.gone;
    expect(worker.end).toEqual({ kind: 'alone' });
  });

  it('takes nothing more once it is over', async ({ expect }) => {
    await using engine = await TestEngine.start();
    const manager = await openTestOffice(engine.connection);
    const desk = manager.office.open();
    await manager.office[Symbol.asyncDispose]();
    await expect(desk.run(numbers(1), never)).rejects.toThrow('the run is over');
    const { nats, streams } = await connectEngine(engine.connection, 'test');
    expect((await streams.getAccountInfo()).streams).toBe(0);
    await nats.close();
  });
});
