import { describe, expect, it } from 'vitest';
import type { Finished } from '../../../src/backends/batch.ts';
import type { Evaluator, Job } from '../../../src/backends/evaluators/contract.ts';
import { createEvaluator } from '../../../src/backends/evaluators/registry.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { Folder } from '../../support/folder.ts';

/** A task that answers at once unless x is above 0.5, then when it is told to: through a global, as it is in this thread. */
const TASK = `
const waiting = [];
globalThis.release = () => waiting.splice(0).forEach((resolve) => resolve());
globalThis.started = [];
export default ([x]) => {
  globalThis.started.push(x);
  globalThis.onStarted?.(x);
  return x > 0.5 ? new Promise((resolve) => waiting.push(() => resolve(x))) : x;
};
`;

interface World {
  readonly evaluator: Evaluator;
  readonly finished: Finished[];
  readonly started: number[];
  readonly release: () => Promise<void>;
}

async function open(folder: Folder, name: string, workers: number): Promise<World> {
  folder.write(`${name}.mjs`, TASK);
  const finished: Finished[] = [];
  const evaluator = await createEvaluator(
    {
      spec: { kind: 'inline', workers, retries: 0 },
      task: { kind: 'module', path: folder.at(`${name}.mjs`) },
      parameters: [{ name: 'x', kind: 'free', type: 'real', scale: 'linear', min: 0, max: 1 }],
      seed: 1,
      wantsGradient: false,
      optimizerId: 1,
      worker: 'here',
      clock: systemClock,
      onFinished: (some) => finished.push(...some),
    },
    () => {},
  );
  const told = globalThis as unknown as { started: number[]; release: () => void };
  const release = async (): Promise<void> => {
    told.release();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { evaluator, finished, started: told.started, release };
}

let next = 1;
const jobs = (...values: readonly number[]): Job[] =>
  values.map((value) => ({ candidateId: next++, x: Float64Array.of(value) }));
const values = (finished: readonly Finished[]): readonly (number | string)[] =>
  finished.map(({ outcome: { status, fx } }) => (status === 'ok' ? fx : status));

/** Until it may be handed a good many at once. */
function warmUp({ evaluator }: World): void {
  for (let i = 0; i < 20; i++) evaluator.submit(jobs(...Array.from({ length: evaluator.room }, () => 0.25)));
}

describe('evaluations in the host itself', () => {
  it('are handed in together once the task has answered at once, although no more are wanted', async () => {
    using folder = new Folder();
    const world = await open(folder, 'together', 2);
    await using evaluator = world.evaluator;
    expect([evaluator.room, evaluator.demand]).toEqual([2, 2]);
    warmUp(world);
    expect(evaluator.room).toBeGreaterThan(10);
    expect(evaluator.demand).toBe(2);
    world.finished.splice(0);
    evaluator.submit(jobs(0.1, 0.2, 0.3));
    expect(values(world.finished)).toEqual([0.1, 0.2, 0.3]);
    const [first, second] = world.finished;
    expect(second!.startedAt).toBeGreaterThanOrEqual(first!.startedAt + first!.durationMs);
  });

  it('are as many at once as there are workers, when the task makes some of them wait', async () => {
    using folder = new Folder();
    const world = await open(folder, 'mixed', 2);
    await using evaluator = world.evaluator;
    warmUp(world);
    world.started.splice(0);
    world.finished.splice(0);
    evaluator.submit(jobs(0.1, 0.6, 0.2, 0.7, 0.8, 0.3));
    // Two wait: what comes after them is not begun, and nothing more is taken.
    expect(world.started).toEqual([0.1, 0.6, 0.2, 0.7]);
    expect([evaluator.room, evaluator.demand]).toEqual([0, 0]);
    await world.release();
    expect(world.started).toEqual([0.1, 0.6, 0.2, 0.7, 0.8, 0.3]);
    await world.release();
    expect(new Set(values(world.finished))).toEqual(new Set([0.1, 0.2, 0.3, 0.6, 0.7, 0.8]));
    expect(world.finished).toHaveLength(6);
    expect(evaluator.room).toBeGreaterThanOrEqual(2);
  });

  it('all come back as cancelled, those too that were not begun', async () => {
    using folder = new Folder();
    const world = await open(folder, 'cancelled', 1);
    await using evaluator = world.evaluator;
    warmUp(world);
    world.started.splice(0);
    world.finished.splice(0);
    const given = jobs(0.1, 0.6, 0.2, 0.7);
    evaluator.submit(given);
    evaluator.cancel();
    expect(values(world.finished)).toEqual([0.1, 'cancelled', 'cancelled', 'cancelled']);
    expect(world.finished.map(({ candidateId }) => candidateId)).toEqual(
      given.map(({ candidateId }) => candidateId),
    );
    await world.release();
    expect(world.started).toEqual([0.1, 0.6]);
    expect(world.finished).toHaveLength(4);
  });

  it('come back once, when one of them ends its own optimizer', async () => {
    using folder = new Folder();
    const world = await open(folder, 'suicidal', 1);
    await using evaluator = world.evaluator;
    warmUp(world);
    world.started.splice(0);
    world.finished.splice(0);
    const told = globalThis as { onStarted?: (x: number) => void };
    told.onStarted = (x) => {
      if (x === 0.2) evaluator.cancel();
    };
    try {
      evaluator.submit(jobs(0.1, 0.2, 0.3, 0.4));
    } finally {
      delete told.onStarted;
    }
    expect(world.started).toEqual([0.1, 0.2]);
    expect(values(world.finished)).toEqual([0.1, 0.2, 'cancelled', 'cancelled']);
  });
});
