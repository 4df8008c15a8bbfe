import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { canLink, Link } from './link.ts';
import { ChildWorker, hasServer, openTestOffice, RawServer, TestJobs, until } from './support.ts';

const CUT_MS = 3000;

describe.skipIf(!hasServer || !canLink).concurrent('a cable that is cut for 3 s', () => {
  it('to a worker costs no job and no answer', async ({ expect }) => {
    using link = Link.make()!;
    await using server = await RawServer.start();
    await using manager = await openTestOffice({ servers: [server.url] });
    const servers = [`nats://${link.here}:${server.port}`];
    await using worker = new ChildWorker({ servers }, manager.runId, { slots: 2 }, link);
    await until(() => manager.office.slots === 2, 'it joined');
    using desk = manager.office.open();
    const jobs = new TestJobs(desk, 40);
    await until(() => jobs.settled >= 10, 'some are done');
    link.cut();
    await delay(CUT_MS);
    expect(jobs.settled).toBeLessThan(40);
    link.mend();
    expect(await jobs.answers).toEqual(jobs.expected);
    // Whatever was in the cable when it was cut may come to the same worker again.
    expect(new Set(worker.begun)).toEqual(new Set(jobs.values));
    expect(manager.events.filter(({ kind }) => kind === 'disconnected')).toEqual([]);
  });

  it('between the manager and its engine costs no job and no answer either', async ({ expect }) => {
    using link = Link.make()!;
    await using server = await RawServer.start(undefined, link);
    await using manager = await openTestOffice({ servers: [server.url] });
    const servers = [`nats://127.0.0.1:${server.port}`];
    await using worker = new ChildWorker({ servers }, manager.runId, { slots: 2 }, link);
    await until(() => manager.office.slots === 2, 'it joined');
    using desk = manager.office.open();
    const jobs = new TestJobs(desk, 40);
    await until(() => jobs.settled >= 10, 'some are done');
    link.cut();
    await delay(CUT_MS);
    expect(jobs.settled).toBeLessThan(40);
    link.mend();
    expect(await jobs.answers).toEqual(jobs.expected);
    expect(worker.begun.toSorted((a, b) => a - b)).toEqual(jobs.values);
  });
});
