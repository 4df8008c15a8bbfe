import { describe, expect, it } from 'vitest';
import {
  hasServer,
  never,
  numbers,
  openTestOffice,
  startTestAgent,
  TestEngine,
  valuesOf,
} from './support.ts';

describe.skipIf(!hasServer)('an office with its workers', () => {
  it('has each of many jobs done once, and gets one answer of each', async () => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    const done: number[] = [];
    const perform = async (payload: Uint8Array): Promise<Uint8Array> => {
      const [value] = valuesOf(payload);
      done.push(value!);
      return numbers(value! ** 2);
    };
    await using first = startTestAgent(engine.connection, manager.runId, perform, { slots: 3 });
    await using second = startTestAgent(engine.connection, manager.runId, perform, { slots: 2 });
    using desk = manager.office.open();
    const values = Array.from({ length: 500 }, (_, i) => i);
    const answers = await Promise.all(
      values.map(async (value) => valuesOf(await desk.run(numbers(value), never))[0]),
    );
    expect(answers).toEqual(values.map((value) => value ** 2));
    expect(done.toSorted((a, b) => a - b)).toEqual(values);
    expect(manager.office.counts).toEqual({ lost: 0, redelivered: 0, duplicates: 0 });
    expect(manager.office.slots).toBe(5);
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
});
