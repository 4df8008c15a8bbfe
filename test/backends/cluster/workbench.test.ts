import { describe, it } from 'vitest';
import { numbers, valuesOf } from './payloads.ts';
import { hasServer, openTestOffice, startTestAgent, TestEngine, TestJobs, until } from './support.ts';

describe.skipIf(!hasServer)('the jobs that a worker is at', () => {
  it('does what comes to it again while it hands that back', async ({ expect }) => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    const tried = new Set<number>();
    const perform = async (payload: Uint8Array): Promise<Uint8Array> => {
      const [value = NaN] = valuesOf(payload);
      if (tried.has(value)) return numbers(2 * value);
      tried.add(value);
      throw new Error('not this time');
    };
    await using _ = startTestAgent(engine.connection, manager.runId, perform, { slots: 1000 });
    await until(() => manager.office.slots === 1000, 'it joined');
    for (let round = 0; round < 3; round++) {
      tried.clear();
      using desk = manager.office.open();
      const jobs = new TestJobs(desk, 300);
      expect(await jobs.answers).toEqual(jobs.expected);
    }
  });
});
