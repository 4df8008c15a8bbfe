import { assert, asyncProperty, constant, constantFrom, jsonValue, oneof, record } from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { listen } from '../../../src/backends/cluster/listen.ts';
import { namesOf } from '../../../src/backends/cluster/names.ts';
import { numbers, valuesOf } from './payloads.ts';
import { echo, hasServer, never, openTestOffice, RawServer, startTestAgent, TestEngine } from './support.ts';

const join = { protocol: 1, id: 'w', host: 'h', pid: 1, slots: 1, facts: {} };
const beat = { id: 'w', epoch: 1, jobs: [] };
const back = { id: 'w', epoch: 1, job: 1 };

const some = oneof(jsonValue(), constantFrom<unknown>(0, 1, 2, -1, 1e9, 'w', null, [], {}, [[1, 1]]));
/** What could be meant as a message, with a value or two that are none. */
const almost = oneof(
  jsonValue(),
  record(
    { protocol: constant(1), id: constant('w'), host: some, pid: some, slots: some, facts: some },
    { requiredKeys: [] },
  ),
  record(
    { id: oneof(constant('w'), some), epoch: constant(1), jobs: some, job: some, fault: some },
    { requiredKeys: [] },
  ),
);

describe.skipIf(!hasServer).concurrent('anybody in the engine', () => {
  it('gets no answer from the manager to what is no message, and does not end it', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    const names = namesOf(manager.runId);
    const { nats } = await connectEngine(engine.connection, 'test');
    await nats.request(names.join, JSON.stringify(join));
    const messages: readonly (readonly [string, unknown])[] = [
      ...[null, 7, [], {}, { protocol: 1 }].map((said) => [names.join, said] as const),
      ...[1e9, 0, 1.5, 'many', null].map((slots) => [names.join, { ...join, slots }] as const),
      ...[null, [], 'x'].map((facts) => [names.join, { ...join, facts }] as const),
      ...['a.b', '', 7, 'x'.repeat(256)].map((id) => [names.join, { ...join, id }] as const),
      [names.join, { ...join, pid: 'x' }],
      [names.join, { ...join, host: 'x'.repeat(256) }],
      ...[null, 7, { id: 'w' }].map((said) => [names.beat, said] as const),
      ...[null, 7, [7], [[1]], [[1, 'x']], Array.from({ length: 4097 }, () => [1, 1])].map(
        (jobs) => [names.beat, { ...beat, jobs }] as const,
      ),
      ...[null, 7, { ...back, job: 'x' }, { ...back, fault: {} }].map((said) => [names.back, said] as const),
      ...[null, 7, { id: {} }].map((said) => [names.leave, said] as const),
      [names.results.replace('>', 'x'), 7],
      [names.results.replace('>', '1.x.1.w'), 7],
    ];
    const answers = await Promise.all(
      messages.map(([subject, said]) =>
        nats.request(subject, JSON.stringify(said), { timeout: 1000 }).then(
          (reply) => ({ subject, said, reply: reply.string() }),
          () => undefined,
        ),
      ),
    );
    expect(answers.filter((answer) => answer !== undefined)).toEqual([]);
    expect(manager.office.slots).toBe(1);
    await nats.close();
  });

  it('may send the manager whatever is JSON', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection, {
      admit: (facts) => {
        if ('x' in facts) throw new Error('facts of another kind');
        return { welcome: {} };
      },
    });
    const names = namesOf(manager.runId);
    const { nats } = await connectEngine(engine.connection, 'test');
    const refused = await nats.request(names.join, JSON.stringify({ ...join, facts: { x: 1 } }));
    expect(refused.json()).toEqual({
      differences: ['what it says of itself cannot be read: facts of another kind'],
    });
    const subjects = constantFrom(names.join, names.beat, names.back, names.leave);
    await assert(
      asyncProperty(subjects, almost, async (subject, said) => {
        nats.publish(subject, JSON.stringify(said), { reply: 'nobody' });
        await nats.flush();
      }),
      { numRuns: 1000 },
    );
    await using _ = startTestAgent(engine.connection, manager.runId, echo);
    using desk = manager.office.open();
    expect(valuesOf(await desk.run(numbers(3), never))).toEqual([3]);
    await nats.close();
  });

  it('may say to a worker whatever is JSON', async ({ expect }) => {
    await using engine = await TestEngine.start();
    const runId = 'hostile';
    const names = namesOf(runId);
    const { nats } = await connectEngine(engine.connection, 'test');
    const replies: unknown[] = [
      null,
      7,
      'x',
      {},
      { differences: 7 },
      { differences: [7] },
      { welcome: null, epoch: 1, stream: 's' },
      { welcome: {}, epoch: 'x', stream: 's' },
      { welcome: {}, epoch: 1, stream: 7 },
    ];
    const manager = listen(nats, names.join, (message) =>
      message.respond(JSON.stringify(replies.shift() ?? null)),
    );
    const welcomes: unknown[] = [];
    await using _ = startTestAgent(engine.connection, runId, echo, {
      onWelcome: (welcome) => void welcomes.push(welcome),
    });
    while (replies.length > 0) {
      for (const said of [null, 7, {}, { epoch: 0, jobs: null }, { epoch: 0, jobs: 7 }])
        nats.publish(names.cancel, JSON.stringify(said));
      for (const said of [null, 7, {}, { epoch: 'x' }]) nats.publish(names.over, JSON.stringify(said));
      await delay(50);
    }
    manager.unsubscribe();
    await using office = await openTestOffice(engine.connection, { runId });
    using desk = office.office.open();
    expect(valuesOf(await desk.run(numbers(3), never))).toEqual([3]);
    expect(welcomes).toEqual([{ you: {} }]);
    await nats.close();
  });

  it('may differ in more than fits into an answer', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection, {
      admit: (facts) => ({ differences: Array.from({ length: 5 }, () => JSON.stringify(facts)).concat('z') }),
    });
    const facts = { y: 'y'.repeat(700_000) };
    await using worker = startTestAgent(connection, manager.runId, echo, { facts });
    const differences = [...Array.from({ length: 5 }, () => expect.stringMatching(/^.{1000}$/)), 'z'];
    expect(await worker.agent.ended).toEqual({ kind: 'refused', differences });
    expect(manager.events).toEqual([{ kind: 'refused', host: expect.any(String), differences }]);
    const more = { y: 'y'.repeat(1_100_000) };
    await using other = startTestAgent(connection, manager.runId, echo, { facts: more });
    await expect(other.agent.ended).rejects.toThrow(
      /says of its task, 11\d{5} bytes.* takes at once, 1048576/,
    );
  });

  it('is not told more than the engine takes', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection, {
      admit: () => ({ welcome: { y: 'y'.repeat(1_100_000) } }),
    });
    await using worker = startTestAgent(connection, manager.runId, echo);
    const differences = [expect.stringMatching(/^what workers are told, 11\d{5} bytes.*, 1048576: raise/)];
    expect(await worker.agent.ended).toEqual({ kind: 'refused', differences });
    expect(manager.office.slots).toBe(0);
  });
});
