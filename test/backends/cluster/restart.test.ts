import { describe, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { numbers, valuesOf } from './payloads.ts';
import { ChildWorker, hasServer, never, openTestOffice, RawServer, TestJobs, until } from './support.ts';

describe.skipIf(!hasServer).concurrent('an engine that is killed and started again', () => {
  it('loses no job, has none done twice, and no answer is lost or doubled', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    await using one = new ChildWorker(connection, manager.runId, { slots: 2 });
    await using two = new ChildWorker(connection, manager.runId, { slots: 2 });
    await until(() => manager.office.slots === 4, 'both joined');
    using desk = manager.office.open();
    // A long one is being done while the engine is not there.
    const jobs = new TestJobs(desk, 120, (value) => (value === 30 ? 4000 : 40));
    await until(() => jobs.settled >= 30, 'some are done');
    await server.kill();
    await until(() => manager.events.some(({ kind }) => kind === 'disconnected'), 'it is known to be gone');
    await delay(700);
    await server.run();
    expect(await jobs.answers).toEqual(jobs.expected);
    expect([...one.begun, ...two.begun].toSorted((a, b) => a - b)).toEqual(jobs.values);
    expect(manager.office.counts).toEqual({ lost: 0, redelivered: 0, duplicates: 0 });
    expect(manager.events.map(({ kind }) => kind)).toEqual([
      'joined',
      'joined',
      'disconnected',
      'reconnected',
    ]);
  });

  it('gets the job of a worker that died with it to another one', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    await using victim = new ChildWorker(connection, manager.runId);
    using desk = manager.office.open();
    const begun = Promise.withResolvers<string>();
    const job = desk.run(numbers(1, 3000), never, { onBegun: begun.resolve });
    await begun.promise;
    await server.kill();
    victim.child.kill('SIGKILL');
    await server.run();
    await using survivor = new ChildWorker(connection, manager.runId);
    expect(valuesOf(await job)).toEqual([2, survivor.child.pid]);
    expect(manager.office.counts).toMatchObject({ lost: 1, duplicates: 0 });
  });

  it('takes an answer that could not be told while it was away', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    await using worker = new ChildWorker(connection, manager.runId);
    using desk = manager.office.open();
    const begun = Promise.withResolvers<string>();
    const job = desk.run(numbers(1, 500), never, { onBegun: begun.resolve });
    await begun.promise;
    await server.kill();
    // Longer than a worker waits before it looks for the manager elsewhere.
    await delay(4500);
    await server.run();
    expect(valuesOf(await job)).toEqual([2, worker.child.pid]);
    expect(worker.begun).toEqual([1]);
    expect(manager.office.counts).toMatchObject({ redelivered: 0, duplicates: 0 });
  });
});
