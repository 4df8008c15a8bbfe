import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { CONSUMER, namesOf } from '../../../src/backends/cluster/names.ts';
import { canLink, Link } from './link.ts';
import { numbers, valuesOf } from './payloads.ts';
import { Proxy } from './proxy.ts';
import {
  ChildWorker,
  echo,
  hasServer,
  never,
  openTestOffice,
  RawServer,
  startTestAgent,
  TestEngine,
  TestJobs,
  until,
} from './support.ts';

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

describe.skipIf(!hasServer)('while the manager is cut off', () => {
  it('the engine gives up on a job, and it is done nevertheless', async ({ expect }) => {
    await using engine = await TestEngine.start();
    using proxy = await Proxy.to(engine.connection.servers[0]!);
    await using manager = await openTestOffice({ ...engine.connection, servers: [proxy.url] });
    using desk = manager.office.open();
    const job = desk.run(numbers(1), never);
    // Workers that die as soon as they have it, and cannot say anything; and one more, to which it does not come.
    const { nats, streams, jetstream } = await connectEngine(engine.connection, 'test');
    const [stream] = await streams.streams.names(namesOf(manager.runId).jobs).next();
    const consumer = await jetstream.consumers.get(stream!, CONSUMER);
    const requests = await consumer.fetch({ max_messages: 4, expires: 30_000 });
    let given = 0;
    const taking = (async () => {
      for await (const _ of requests) given++;
    })();
    await until(() => given === 1, 'it is given away');
    proxy.cut();
    const gaveUp = Promise.withResolvers<void>();
    nats.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>', {
      callback: () => {
        gaveUp.resolve();
      },
    });
    await gaveUp.promise;
    expect(given).toBe(3);
    await requests.close();
    await taking;
    proxy.mend();
    await using _ = startTestAgent(engine.connection, manager.runId, echo);
    let answer: readonly number[] = [];
    void job.then((bytes) => (answer = valuesOf(bytes)));
    await until(() => answer.length > 0, 'it is done');
    expect(answer).toEqual([1]);
    await nats.close();
  });
});
