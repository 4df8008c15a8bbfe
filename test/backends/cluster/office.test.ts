import { describe, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { DEADLY, numbers, valuesOf } from './payloads.ts';
import {
  ChildWorker,
  echo,
  hasServer,
  never,
  openTestOffice,
  startTestAgent,
  TestEngine,
  until,
} from './support.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const slowly = (payload: Uint8Array): Promise<Uint8Array> => delay(50, payload);

describe.skipIf(!hasServer).concurrent('an office with its workers', () => {
  it('has each of many jobs done once, and gets one answer of each', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    const done: number[] = [];
    const perform = (payload: Uint8Array): Promise<Uint8Array> => {
      const [value = NaN] = valuesOf(payload);
      done.push(value);
      return Promise.resolve(numbers(value ** 2));
    };
    await using first = startTestAgent(engine.connection, manager.runId, perform, { slots: 3 });
    await using second = startTestAgent(engine.connection, manager.runId, perform, { slots: 2 });
    using desk = manager.office.open();
    const values = upTo(500);
    const answers = await Promise.all(
      values.map(async (value) => valuesOf(await desk.run(numbers(value), never))[0]),
    );
    expect(answers).toEqual(values.map((value) => value ** 2));
    expect(done.toSorted((a, b) => a - b)).toEqual(values);
    expect(manager.office.counts).toEqual({ lost: 0, redelivered: 0, duplicates: 0 });
    await until(() => manager.office.slots === 5, 'both joined');
    const jobs = manager.office.workers.map((worker) => worker.jobs);
    expect(jobs.reduce((a, b) => a + b)).toBe(500);
    first.agent.drain(1);
    second.agent.drain(1);
    expect(await Promise.all([first.agent.ended, second.agent.ended])).toEqual([
      { kind: 'drained' },
      { kind: 'drained' },
    ]);
    expect(manager.office.slots).toBe(0);
    expect(manager.events.map(({ kind }) => kind)).toEqual(['joined', 'joined', 'left', 'left']);
  });

  it('serves desks in turn, each in its order', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    using long = manager.office.open();
    using short = manager.office.open();
    const order: number[] = [];
    const jobs = upTo(40).map((i) => long.run(numbers(i), never));
    jobs.push(...upTo(5).map((i) => short.run(numbers(100 + i), never)));
    await using _ = startTestAgent(engine.connection, manager.runId, (payload) => {
      order.push(valuesOf(payload)[0]!);
      return Promise.resolve(payload);
    });
    await Promise.all(jobs);
    expect(order.filter((value) => value < 100)).toEqual(upTo(40));
    expect(order.filter((value) => value >= 100)).toEqual([100, 101, 102, 103, 104]);
    // Some of the long one's were in the engine when the other came.
    expect(order.indexOf(104)).toBeLessThan(16);
  });

  it('has jobs of a higher priority done before those that wait already', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    using low = manager.office.open();
    using high = manager.office.open();
    const order: number[] = [];
    const jobs = upTo(40).map((i) => low.run(numbers(i), never));
    jobs.push(...upTo(5).map((i) => high.run(numbers(100 + i), never, { priority: 1 })));
    await using _ = startTestAgent(engine.connection, manager.runId, (payload) => {
      order.push(valuesOf(payload)[0]!);
      return Promise.resolve(payload);
    });
    await Promise.all(jobs);
    expect(order.filter((value) => value < 100)).toEqual(upTo(40));
    const first = order.indexOf(100);
    expect(order.slice(first, first + 5)).toEqual([100, 101, 102, 103, 104]);
    // What was in the engine when they came was before them.
    expect(first).toBeLessThan(6);
  });

  it('tells a worker at once that its job is withdrawn, and has others done', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    let abortedAt = 0;
    await using _ = startTestAgent(engine.connection, manager.runId, async (payload, _slot, signal) => {
      if (valuesOf(payload)[0] !== 1) return payload;
      await delay(60_000, undefined, { signal }).finally(() => (abortedAt = performance.now()));
      return payload;
    });
    using desk = manager.office.open();
    const abort = new AbortController();
    const begun = Promise.withResolvers<string>();
    const withdrawn = desk.run(numbers(1), abort.signal, { onBegun: begun.resolve });
    const waiting = new AbortController();
    const unbegun = desk.run(numbers(2), waiting.signal);
    const other = desk.run(numbers(3), never);
    expect(await begun.promise).toBe(manager.office.workers[0]!.id);
    waiting.abort();
    await expect(unbegun).rejects.toMatchObject({ name: 'WorkerLostError', isBlameless: true });
    const at = performance.now();
    abort.abort();
    await expect(withdrawn).rejects.toMatchObject({ name: 'WorkerLostError', isBlameless: false });
    expect(valuesOf(await other)).toEqual([3]);
    expect(abortedAt - at).toBeLessThan(1000);
    expect(manager.office.counts).toEqual({ lost: 0, redelivered: 0, duplicates: 0 });
  });

  it('gives the job of a worker that was killed to another one, and counts both', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    await using victim = new ChildWorker(engine.connection, manager.runId);
    using desk = manager.office.open();
    const who: string[] = [];
    const first = desk.run(numbers(1, 500), never, { onBegun: (worker) => who.push(worker) });
    await until(() => who.length === 1, 'it has begun');
    victim.child.kill('SIGKILL');
    await using survivor = new ChildWorker(engine.connection, manager.runId);
    const others = upTo(20).map((i) => desk.run(numbers(10 + i, 5), never));
    const answers = await Promise.all([first, ...others]);
    expect(answers.map((answer) => valuesOf(answer))).toEqual(
      [1, ...upTo(20).map((i) => 10 + i)].map((value) => [2 * value, survivor.child.pid]),
    );
    expect(who).toHaveLength(2);
    await until(() => manager.office.counts.lost === 1, 'it is known to be lost');
    expect(manager.office.counts).toEqual({ lost: 1, redelivered: 1, duplicates: 0 });
    expect(manager.events.map(({ kind }) => kind).toSorted()).toEqual([
      'joined',
      'joined',
      'lost',
      'redelivered',
    ]);
  });

  it('has a job that takes longer than the engine waits for a dead worker done once', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    let times = 0;
    const perform = async (payload: Uint8Array): Promise<Uint8Array> => {
      times++;
      await delay(7000);
      return payload;
    };
    await using workers = new AsyncDisposableStack();
    workers.use(startTestAgent(engine.connection, manager.runId, perform));
    workers.use(startTestAgent(engine.connection, manager.runId, perform));
    using desk = manager.office.open();
    await desk.run(numbers(1), never);
    // It would come again by now, had something else been acknowledged.
    await delay(6000);
    expect(times).toBe(1);
    expect(manager.office.counts).toEqual({ lost: 0, redelivered: 0, duplicates: 0 });
  });

  it('gives up a job under which three workers died', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    await using workers = new AsyncDisposableStack();
    for (let i = 0; i < 4; i++) workers.use(new ChildWorker(engine.connection, manager.runId));
    await until(() => manager.office.slots === 4, 'all joined');
    using desk = manager.office.open();
    await expect(desk.run(numbers(1, 0, DEADLY), never)).rejects.toMatchObject({
      name: 'WorkerLostError',
      message: 'three workers died under it',
    });
    expect(valuesOf(await desk.run(numbers(2), never))[0]).toBe(4);
    await until(() => manager.office.counts.lost === 3, 'the last one is known to be lost');
    expect(manager.office.slots).toBe(1);
  });

  it('gives up a job that three workers could not do, and says why', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    await using workers = new AsyncDisposableStack();
    for (let i = 0; i < 3; i++)
      workers.use(
        startTestAgent(engine.connection, manager.runId, (payload) =>
          valuesOf(payload)[0] === 1 ? Promise.reject(new Error('out of forks')) : Promise.resolve(payload),
        ),
      );
    // One that is there alone is asked again and again, later each time.
    await until(() => manager.office.slots === 3, 'all joined');
    using desk = manager.office.open();
    await expect(desk.run(numbers(1), never)).rejects.toThrow('three workers could not do it: out of forks');
    expect(valuesOf(await desk.run(numbers(2), never))).toEqual([2]);
  });

  it('loses no job by a worker that can do none', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    let faults = 0;
    await using workers = new AsyncDisposableStack();
    workers.use(
      startTestAgent(engine.connection, manager.runId, () => {
        faults++;
        return Promise.reject(new Error('no space left'));
      }),
    );
    workers.use(startTestAgent(engine.connection, manager.runId, slowly, { slots: 3 }));
    await until(() => manager.office.slots === 4, 'both joined');
    using desk = manager.office.open();
    const answers = await Promise.all(upTo(100).map((i) => desk.run(numbers(i), never)));
    expect(answers.map((answer) => valuesOf(answer)[0])).toEqual(upTo(100));
    // It takes about 2 s, and its next job comes to the bad one after 1 s, 2 s and so on.
    expect(faults).toBeGreaterThan(0);
    expect(faults).toBeLessThan(5);
  });

  it('refuses a worker that differs, and says in what', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection, {
      admit: ({ task }) =>
        task === 'a'
          ? { welcome: { hello: 'a' } }
          : { differences: [`its task is ${JSON.stringify(task)}, not "a"`] },
    });
    const welcomes: unknown[] = [];
    await using other = startTestAgent(engine.connection, manager.runId, echo, { facts: { task: 'b' } });
    expect(await other.agent.ended).toEqual({ kind: 'refused', differences: ['its task is "b", not "a"'] });
    await using _ = startTestAgent(engine.connection, manager.runId, echo, {
      facts: { task: 'a' },
      onWelcome: (welcome) => void welcomes.push(welcome),
    });
    using desk = manager.office.open();
    await desk.run(numbers(1), never);
    expect(welcomes).toEqual([{ hello: 'a' }]);
    expect(manager.events.map(({ kind }) => kind)).toEqual(['refused', 'joined']);
  });

  it('says so when a job, or an answer, is more than the engine takes', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    await using _ = startTestAgent(engine.connection, manager.runId, (payload) =>
      Promise.resolve(payload.length < 9 ? new Uint8Array(9e6) : payload),
    );
    using desk = manager.office.open();
    await expect(desk.run(new Uint8Array(9e6), never)).rejects.toThrow('more than the engine takes at once');
    await expect(desk.run(new Uint8Array(8), never)).rejects.toThrow(
      /its answer of 9000000 bytes .*: raise its max_payload/,
    );
    const large = new Uint8Array(8e6).fill(7);
    expect(Buffer.from(await desk.run(large, never)).equals(large)).toBe(true);
  });
});
