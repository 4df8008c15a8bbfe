import { describe, it } from 'vitest';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { numbers, valuesOf } from './payloads.ts';
import { echo, hasServer, jetStreamIn, never, openTestOffice, RawServer, startTestAgent } from './support.ts';

const oneStreamIn = (folder: string): string => `${jetStreamIn(folder)}
accounts { A { jetstream { max_streams: 1 }, users: [{ user: u, password: p }] } }
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
});
