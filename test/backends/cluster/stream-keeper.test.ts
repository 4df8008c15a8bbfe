import { describe, expect, it } from 'vitest';
import { connectEngine, type Engine } from '../../../src/backends/cluster/engine.ts';
import { CONSUMER } from '../../../src/backends/cluster/names.ts';
import { ChildWorker, hasServer, openTestOffice, RawServer, TestJobs, until } from './support.ts';

type Take = (engine: Engine, stream: string) => Promise<unknown>;

const taken: Readonly<Record<string, Take>> = {
  'the stream': ({ streams }, name) => streams.streams.delete(name),
  'its consumer': ({ streams }, name) => streams.consumers.delete(name, CONSUMER),
  'all jobs': ({ streams }, name) => streams.streams.purge(name),
};

describe.skipIf(!hasServer).concurrent('an engine out of which somebody takes', () => {
  it.each(Object.entries(taken))('%s gets all again, and no job is done twice', async (_, take) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    await using one = new ChildWorker(connection, manager.runId, { slots: 2 });
    await using two = new ChildWorker(connection, manager.runId, { slots: 2 });
    await until(() => manager.office.slots === 4, 'both joined');
    using desk = manager.office.open();
    // A long one goes on meanwhile.
    const jobs = new TestJobs(desk, 120, (value) => (value === 30 ? 3000 : 40));
    await until(() => jobs.settled >= 40, 'some are done');
    const engine = await connectEngine(connection, 'test');
    for await (const name of engine.streams.streams.names()) await take(engine, name);
    await engine.nats.close();
    expect(await jobs.answers).toEqual(jobs.expected);
    expect([...one.begun, ...two.begun].toSorted((a, b) => a - b)).toEqual(jobs.values);
    expect(manager.events.map(({ kind }) => kind)).toEqual(['joined', 'joined', 'emptied', 'reconnected']);
  });
});
