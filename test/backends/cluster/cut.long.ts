import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { canLink, Link } from './link.ts';
import { numbers, valuesOf } from './payloads.ts';
import { ChildWorker, hasServer, never, openTestOffice, RawServer, TestJobs, until } from './support.ts';

const CUT_MS = 60_000;

describe.skipIf(!hasServer || !canLink)('a cable that is cut for a minute', () => {
  it('to one of two workers: the other does its jobs, and it comes back', async () => {
    using link = Link.make()!;
    await using server = await RawServer.start();
    await using manager = await openTestOffice({ servers: [server.url] });
    const far = { servers: [`nats://${link.here}:${server.port}`] };
    await using away = new ChildWorker(far, manager.runId, { slots: 2, lingerSeconds: 120 }, link);
    await using _ = new ChildWorker({ servers: [server.url] }, manager.runId);
    await until(() => manager.office.slots === 3, 'both joined');
    using desk = manager.office.open();
    const jobs = new TestJobs(desk, 300, () => 100);
    await until(() => jobs.settled >= 20, 'some are done');
    link.cut();
    expect(await jobs.answers).toEqual(jobs.expected);
    // With what had come to it when the cable was cut.
    const before = away.begun.length;
    await delay(CUT_MS);
    expect(manager.office.slots).toBe(1);
    expect(manager.office.counts.lost).toBe(1);
    link.mend();
    await until(() => manager.office.slots === 3, 'it is back');
    expect(away.begun).toHaveLength(before);
    const more = new TestJobs(desk, 50);
    expect(await more.answers).toEqual(more.expected);
    expect(away.begun.length).toBeGreaterThan(before);
  });

  it('between the manager and its engine: a job that was being done is answered once, and what waits is done', async () => {
    using link = Link.make()!;
    await using server = await RawServer.start(undefined, link);
    await using manager = await openTestOffice({ servers: [server.url] });
    const near = { servers: [`nats://127.0.0.1:${server.port}`] };
    await using worker = new ChildWorker(near, manager.runId, { slots: 2, lingerSeconds: 120 }, link);
    await until(() => manager.office.slots === 2, 'it joined');
    using desk = manager.office.open();
    const begun = Promise.withResolvers<string>();
    const long = desk.run(numbers(1000, 30_000), never, { onBegun: begun.resolve });
    await begun.promise;
    const jobs = new TestJobs(desk, 100);
    link.cut();
    await delay(CUT_MS);
    link.mend();
    expect(valuesOf(await long)[0]).toBe(2000);
    expect(await jobs.answers).toEqual(jobs.expected);
    expect(worker.begun.filter((value) => value === 1000)).toHaveLength(1);
    expect(manager.events.map(({ kind }) => kind).filter((kind) => kind.endsWith('connected'))).toEqual([
      'disconnected',
      'reconnected',
    ]);
  });
});
