import { describe, it } from 'vitest';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { CONSUMER, namesOf } from '../../../src/backends/cluster/names.ts';
import { numbers, valuesOf } from './payloads.ts';
import { Proxy } from './proxy.ts';
import { echo, hasServer, never, openTestOffice, startTestAgent, TestEngine, until } from './support.ts';

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
