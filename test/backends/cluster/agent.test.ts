import { describe, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { startAgent } from '../../../src/backends/cluster/agent.ts';
import { numbers, SYNCHRONOUS, valuesOf } from './payloads.ts';
import {
  ChildWorker,
  echo,
  hasServer,
  never,
  openTestOffice,
  RawServer,
  startTestAgent,
  TestEngine,
  until,
} from './support.ts';

const fail = (): Promise<never> => Promise.reject(new Error('no way '.repeat(500_000)));

describe.skipIf(!hasServer).concurrent('a worker', () => {
  it('finishes what it has when it is asked to go, and takes no more', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    using desk = manager.office.open();
    const finish = Promise.withResolvers<void>();
    await using leaving = startTestAgent(engine.connection, manager.runId, async (payload) => {
      await finish.promise;
      return payload;
    });
    const begun = Promise.withResolvers<string>();
    const job = desk.run(numbers(1), never, { onBegun: begun.resolve });
    await begun.promise;
    leaving.agent.drain(30);
    const next = desk.run(numbers(2), never);
    finish.resolve();
    expect(valuesOf(await job)).toEqual([1]);
    expect(await leaving.agent.ended).toEqual({ kind: 'drained' });
    expect(manager.office.slots).toBe(0);
    await using _ = startTestAgent(engine.connection, manager.runId, echo);
    expect(valuesOf(await next)).toEqual([2]);
    expect(manager.office.counts).toEqual({ lost: 0, redelivered: 0, duplicates: 0 });
  });

  it('hands back what it cannot finish in time, as often as it takes', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    using desk = manager.office.open();
    let begun = 0;
    const job = desk.run(numbers(1), never, { onBegun: () => begun++ });
    // More than may die under a job: none did.
    for (let i = 1; i <= 5; i++) {
      await using leaving = startTestAgent(engine.connection, manager.runId, async (payload, _, signal) => {
        await delay(60_000, undefined, { signal });
        return payload;
      });
      await until(() => begun === i, 'it has begun');
      leaving.agent.drain(0);
      expect(await leaving.agent.ended).toEqual({ kind: 'drained' });
    }
    await using _ = startTestAgent(engine.connection, manager.runId, echo);
    expect(valuesOf(await job)).toEqual([1]);
    expect(manager.office.counts).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it('that goes is not there any more, however many go at once', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    const workers = Array.from({ length: 300 }, () => startTestAgent(engine.connection, manager.runId, echo));
    await until(() => manager.office.slots === 300, 'all joined');
    using desk = manager.office.open();
    // What they take up now they have something to tell of when they go.
    await Promise.all(workers.map((_, i) => desk.run(numbers(i), never)));
    for (const { agent } of workers) agent.drain(0);
    await Promise.all(workers.map(({ agent }) => agent.ended));
    expect(manager.office.slots).toBe(0);
    expect(manager.events.filter(({ kind }) => kind === 'joined')).toHaveLength(300);
  });

  it('ends when the manager says that the run is over', async ({ expect }) => {
    await using engine = await TestEngine.start();
    const manager = await openTestOffice(engine.connection);
    using desk = manager.office.open();
    let isAborted = false;
    await using worker = startTestAgent(engine.connection, manager.runId, async (payload, _, signal) => {
      signal.addEventListener('abort', () => (isAborted = true));
      await delay(60_000, undefined, { signal });
      return payload;
    });
    const begun = Promise.withResolvers<string>();
    const job = desk.run(numbers(1), never, { onBegun: begun.resolve });
    await begun.promise;
    await Promise.all([
      expect(job).rejects.toThrow('the run is over'),
      manager.office[Symbol.asyncDispose](),
    ]);
    expect(await worker.agent.ended).toEqual({ kind: 'over' });
    expect(isAborted).toBe(true);
  });

  it('ends alone when nobody is there for as long as it may linger', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using worker = startTestAgent(engine.connection, 'nobody', echo, { lingerSeconds: 1 });
    expect(await worker.agent.ended).toEqual({ kind: 'alone' });
    const lost = startAgent({
      connection: () => new Promise(() => {}),
      slots: 1,
      facts: {},
      onWelcome: () => {},
      perform: echo,
      lingerSeconds: 0.5,
      onMessage: () => {},
    });
    expect(await lost.ended).toEqual({ kind: 'alone' });
    const closed = startTestAgent({ servers: ['nats://127.0.0.1:1'] }, 'nobody', echo, { lingerSeconds: 1 });
    expect(await closed.agent.ended).toEqual({ kind: 'alone' });
    expect(closed.messages).toEqual([expect.stringContaining('nats://127.0.0.1:1 cannot be reached')]);
  });

  it('ends alone when its engine is gone with its manager', async ({ expect }) => {
    const engine = await TestEngine.start();
    const manager = await openTestOffice(engine.connection);
    await using worker = new ChildWorker(engine.connection, manager.runId, { lingerSeconds: 2 });
    await until(() => manager.office.slots === 1, 'it joined');
    await engine[Symbol.asyncDispose]();
    await worker.gone;
    expect(worker.end).toEqual({ kind: 'alone' });
    await manager.office[Symbol.asyncDispose]();
  });

  it('is gone when its engine hangs, as a process, too', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    // Until then it tries to connect anew, to a server that does not greet.
    await using worker = new ChildWorker(connection, manager.runId, { lingerSeconds: 9 });
    await until(() => manager.office.slots === 1, 'it joined');
    server.freeze();
    await worker.gone;
    expect(worker.end).toEqual({ kind: 'alone' });
  });

  it('takes nothing of another run in the same engine', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using one = await openTestOffice(engine.connection);
    await using two = await openTestOffice(engine.connection);
    const taken: string[] = [];
    const note =
      (name: string) =>
      (payload: Uint8Array): Promise<Uint8Array> => {
        taken.push(`${name}${valuesOf(payload)[0]}`);
        return Promise.resolve(payload);
      };
    using first = one.office.open();
    using second = two.office.open();
    const waiting = second.run(numbers(2), never);
    await using _ = startTestAgent(engine.connection, one.runId, note('one'));
    await first.run(numbers(1), never);
    expect(taken).toEqual(['one1']);
    await using worker = startTestAgent(engine.connection, two.runId, note('two'));
    await waiting;
    expect(taken).toEqual(['one1', 'two2']);
    worker.agent.drain(0);
    await worker.agent.ended;
  });

  it('goes over to the next session of its run, and gives up what the one before wanted', async ({
    expect,
  }) => {
    let engine = await TestEngine.start();
    const runId = 'resumed';
    const first = await openTestOffice(engine.connection, { runId, epoch: 1 });
    const aborted: number[] = [];
    const welcomes: unknown[] = [];
    const worker = startAgent({
      connection: () => Promise.resolve({ connection: engine.connection, runId }),
      slots: 2,
      facts: {},
      onWelcome: (welcome) => void welcomes.push(welcome),
      perform: async (payload, _, signal) => {
        const [value = 0] = valuesOf(payload);
        if (value < 10)
          await delay(60_000, undefined, { signal }).finally(() => signal.aborted && aborted.push(value));
        return payload;
      },
      onMessage: () => {},
    });
    let begun = 0;
    const desk = first.office.open();
    const given = [1, 2].map((value) => desk.run(numbers(value), never, { onBegun: () => begun++ }));
    const forgotten = Promise.all(given.map((job) => expect(job).rejects.toThrow('the run is over')));
    await until(() => begun === 2, 'both have begun');
    // As if the manager were killed, and its engine with it: nobody says that the run is over.
    const before = engine;
    engine = await TestEngine.start();
    await before[Symbol.asyncDispose]();
    await Promise.all([forgotten, first.office[Symbol.asyncDispose]()]);
    const second = await openTestOffice(engine.connection, {
      runId,
      epoch: 2,
      admit: () => ({ welcome: { epoch: 2 } }),
    });
    expect(valuesOf(await second.office.open().run(numbers(11), never))).toEqual([11]);
    expect(aborted.toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(welcomes).toEqual([{ you: {} }, { epoch: 2 }]);
    await second.office[Symbol.asyncDispose]();
    expect(await worker.ended).toEqual({ kind: 'over' });
    await engine[Symbol.asyncDispose]();
  });

  it('that was stopped for a while is lost, comes back, and its late answer is taken', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    using desk = manager.office.open();
    await using worker = new ChildWorker(engine.connection, manager.runId);
    // It blocks its own event loop for longer than anybody waits.
    const job = desk.run(numbers(1, 8000, SYNCHRONOUS), never);
    await until(() => manager.events.some(({ kind }) => kind === 'lost'), 'it is lost');
    expect(manager.office.slots).toBe(0);
    expect(valuesOf(await job)).toEqual([2, worker.child.pid]);
    await until(() => manager.office.slots === 1, 'it is back');
    expect(valuesOf(await desk.run(numbers(5), never))[0]).toBe(10);
    expect(worker.begun).toEqual([1, 5]);
    expect(manager.office.counts).toEqual({ lost: 1, redelivered: 0, duplicates: 0 });
  });

  it('tells why it could not do a job, however much there is to say', async ({ expect }) => {
    await using server = await RawServer.start();
    const connection = { servers: [server.url] };
    await using manager = await openTestOffice(connection);
    await using _ = startTestAgent(connection, manager.runId, fail, { slots: 5 });
    using desk = manager.office.open();
    await expect(desk.run(numbers(1), never)).rejects.toThrow(/could not do it: no way no way/);
  });

  it('ends with what keeps it from its work', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    const worker = startTestAgent(engine.connection, manager.runId, echo, {
      onWelcome: () => Promise.reject(new Error('no such module')),
    });
    await expect(worker.agent.ended).rejects.toThrow('no such module');
    expect(manager.events.map(({ kind }) => kind)).toEqual(['joined', 'left']);
  });
});
