import { describe, expect, it } from 'vitest';
import { numbers, valuesOf } from './payloads.ts';
import { ChildWorker, hasServer, never, openTestOffice, TestEngine } from './support.ts';

describe.skipIf(!hasServer)('a manager that is at something without a pause', () => {
  it('keeps its workers, for longer than they linger when nobody is there', async () => {
    await using engine = await TestEngine.start();
    await using manager = await openTestOffice(engine.connection);
    await using worker = new ChildWorker(engine.connection, manager.runId, { lingerSeconds: 3 });
    using desk = manager.office.open();
    expect(valuesOf(await desk.run(numbers(1, 0), never))[0]).toBe(2);
    for (const begun = performance.now(); performance.now() - begun < 6000;);
    expect(valuesOf(await desk.run(numbers(2, 0), never))[0]).toBe(4);
    expect(worker.end).toBeUndefined();
    expect(manager.events.some(({ kind }) => kind === 'lost')).toBe(false);
  });
});
