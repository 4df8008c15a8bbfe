import { describe, it } from 'vitest';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { numbers, valuesOf } from './payloads.ts';
import {
  echo,
  hasServer,
  jetStreamIn,
  never,
  openTestOffice,
  RawServer,
  startTestAgent,
  until,
} from './support.ts';

const oneStreamIn = (folder: string): string => `${jetStreamIn(folder)}
accounts { A { jetstream { max_streams: 1 }, users: [{ user: u, password: p }] } }
no_auth_user: u`;

const littleRoomIn = (folder: string): string => `${jetStreamIn(folder)}
accounts { A { jetstream { max_mem: 100000 }, users: [{ user: u, password: p }] } }
no_auth_user: u`;

describe.skipIf(!hasServer).concurrent('an engine in which others keep streams', () => {
  it('keeps a stream that takes what runs say as well, and is told of it', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    const { nats, streams } = await connectEngine(connection, 'test');
    await streams.streams.add({ name: 'AUDIT', subjects: ['glompo.>'], storage: 'memory' });
    await expect(openTestOffice(connection)).rejects.toMatchObject({
      code: 'engine-unusable',
      message: expect.stringMatching(
        new RegExp(`^the engine at ${server.url} .*overlap.* kept by other streams there: AUDIT\\.`),
      ),
    });
    expect(await streams.streams.names().next()).toEqual(['AUDIT']);
    await nats.close();
  });

  it('keeps those of a run whose id begins like this one’s', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using long = await openTestOffice(connection, { runId: 'a-1' });
    await using short = await openTestOffice(connection, { runId: 'a' });
    for (const { office, runId } of [long, short]) {
      await using _ = startTestAgent(connection, runId, echo);
      using desk = office.open();
      expect(valuesOf(await desk.run(numbers(3), never))).toEqual([3]);
    }
  });

  it('says what it has no room for', async ({ expect }) => {
    await using server = await RawServer.start(oneStreamIn);
    const connection = { servers: [server.url] };
    await using _ = await openTestOffice(connection);
    await expect(openTestOffice(connection)).rejects.toMatchObject({
      code: 'engine-unusable',
      message: expect.stringMatching(
        /^the engine at nats:.* takes no stream for the jobs of this run: maximum number of streams reached\. See /,
      ),
    });
  });

  it('says that it has no room for a job, and takes it when there is some', async ({ expect }) => {
    await using server = await RawServer.start(littleRoomIn);
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    using desk = manager.office.open();
    const { nats, streams } = await connectEngine(connection, 'test');
    await streams.streams.add({ name: 'OTHER', subjects: ['other'], storage: 'memory' });
    await nats.request('other', new Uint8Array(90_000));
    const job = desk.run(new Uint8Array(50_000), never);
    await until(() => manager.events.length > 0, 'it is told');
    expect(manager.events).toEqual([{ kind: 'full', why: expect.stringContaining('resource') }]);
    await streams.streams.delete('OTHER');
    await nats.close();
    await using _ = startTestAgent(connection, manager.runId, echo);
    expect(await job).toHaveLength(50_000);
    expect(manager.events.map(({ kind }) => kind)).toEqual(['full', 'joined']);
  });
});
