import path from 'node:path';
import { createEvaluator } from '../../src/backends/evaluators/registry.ts';
import { printOwn } from '../../src/backends/hosts/output.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Bench, Benchmark, Measured, Table } from '../harness/benchmark.ts';
import { root } from '../harness/managed-run.ts';
import { interleaved } from '../harness/measure.ts';

const DIMENSION = 20;
const task = path.join(root, 'bench/tasks/nothing.js');

/** A pool that evaluates points: one, or as many as there are as fast as it can. */
interface Pool extends AsyncDisposable {
  one(): Promise<unknown>;
  many(count: number): Promise<unknown>;
}

export const pools: Benchmark = {
  name: 'pools',
  title: 'Level 2, beside other pools of workers',
  about: `
A function that does nothing is given ${DIMENSION} numbers and returns one. There and back: one call at a time, one worker. Calls a second: 2 workers, as many calls as
are wanted handed in at once. glompo's workers are those of level 2, which tell who evaluated when and for how long, survive a death and take chunks of fast tasks;
the others are called once a point, as their documentation has it.`,
  run: async (bench) => [await latencies(bench), await rates(bench)],
};

async function latencies(bench: Bench): Promise<Table> {
  const calls = bench.isQuick ? 500 : 3000;
  return await compare(bench, 1, {
    title: 'There and back',
    column: { name: 'median of calls', unit: 'µs', better: 'lower' },
    measure: async (pool) => {
      const times: number[] = [];
      for (let i = 0; i < calls; i++) {
        const began = performance.now();
        await pool.one();
        times.push(1000 * (performance.now() - began));
      }
      return times.toSorted((a, b) => a - b)[calls >> 1]!;
    },
  });
}

async function rates(bench: Bench): Promise<Table> {
  const calls = bench.isQuick ? 5000 : 50_000;
  return await compare(bench, 2, {
    title: 'Calls a second',
    column: { name: 'calls', unit: '/s', better: 'higher' },
    measure: async (pool) => {
      const began = performance.now();
      await pool.many(calls);
      return (1000 * calls) / (performance.now() - began);
    },
  });
}

interface Comparison {
  readonly title: string;
  readonly column: Table['columns'][number];
  readonly measure: (pool: Pool) => Promise<number>;
}

async function compare(
  { isQuick, say }: Bench,
  workers: number,
  { title, column, measure }: Comparison,
): Promise<Table> {
  const makers: Record<string, (workers: number) => Promise<Pool>> = {
    'glompo, threads': async (count) => await glompo('threads', count),
    'glompo, processes': async (count) => await glompo('processes', count),
    'piscina, threads': piscina,
    'tinypool, threads': async (count) => await tinypool('worker_threads', count),
    'tinypool, processes': async (count) => await tinypool('child_process', count),
    'workerpool, threads': async (count) => await workerpool('thread', count),
    'workerpool, processes': async (count) => await workerpool('process', count),
  };
  await using stack = new AsyncDisposableStack();
  const things: Record<string, () => Promise<number>> = {};
  for (const [name, make] of Object.entries(makers)) {
    const pool = stack.use(await make(workers));
    // Code is compiled, and workers are up.
    await pool.many(2000);
    things[name] = async () => {
      const figure = await measure(pool);
      say(`${title}: ${name} ${Math.round(figure)}`);
      return figure;
    };
  }
  const found = await interleaved(isQuick ? 1 : 5, things);
  return {
    title,
    columns: [{ name: 'pool' }, column],
    rows: Object.entries<Measured | null>(found),
  };
}

const point = (): Float64Array => new Float64Array(DIMENSION).fill(0.5);

/** All of some calls. */
async function all(count: number, call: () => PromiseLike<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, call));
}

async function glompo(kind: 'threads' | 'processes', workers: number): Promise<Pool> {
  let left = 0;
  let next = 1;
  let onDone: (() => void) | undefined;
  let go: (() => void) | undefined;
  const evaluator = await createEvaluator(
    {
      spec: { kind, workers, retries: 0 },
      task: { kind: 'module', path: task },
      parameters: Array.from({ length: DIMENSION }, (_, i) => ({ name: `x${i}`, kind: 'fixed', value: 0 })),
      seed: 1,
      wantsGradient: false,
      optimizerId: 1,
      worker: 'bench',
      clock: systemClock,
      onFinished: (finished) => {
        left -= finished.length;
        if (left === 0) onDone?.();
        else go?.();
      },
    },
    printOwn,
  );
  const many = async (count: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    left = count;
    onDone = resolve;
    let unsent = count;
    go = () => {
      const some = Math.min(unsent, evaluator.room);
      if (some === 0) return;
      unsent -= some;
      evaluator.submit(Array.from({ length: some }, () => ({ candidateId: next++, x: point() })));
    };
    go();
    await promise;
  };
  // A child's channel alone does not keep this process alive.
  const keepAlive = setInterval(() => {}, 1000);
  return {
    one: async () => {
      await many(1);
    },
    many,
    async [Symbol.asyncDispose]() {
      clearInterval(keepAlive);
      await evaluator[Symbol.asyncDispose]();
    },
  };
}

async function piscina(workers: number): Promise<Pool> {
  const { Piscina } = await import('piscina');
  return running(
    new Piscina({ filename: task, minThreads: workers, maxThreads: workers, maxQueue: Infinity }),
  );
}

async function tinypool(runtime: 'worker_threads' | 'child_process', workers: number): Promise<Pool> {
  const { default: Tinypool } = await import('tinypool');
  return running(new Tinypool({ filename: task, runtime, minThreads: workers, maxThreads: workers }));
}

/** Both are called alike. */
function running(pool: { run(x: Float64Array): Promise<unknown>; destroy(): Promise<void> }): Pool {
  const one = async (): Promise<unknown> => await pool.run(point());
  return {
    one,
    many: async (count) => {
      await all(count, one);
    },
    [Symbol.asyncDispose]: async () => {
      await pool.destroy();
    },
  };
}

async function workerpool(workerType: 'thread' | 'process', workers: number): Promise<Pool> {
  const { pool: open } = await import('workerpool');
  const pool = open(path.join(root, 'bench/tasks/workerpool-entry.js'), {
    workerType,
    minWorkers: workers,
    maxWorkers: workers,
    maxQueueSize: Infinity,
  });
  const one = (): PromiseLike<unknown> => pool.exec('nothing', [[...point()]]);
  return {
    one: async () => await one(),
    many: async (count) => {
      await all(count, one);
    },
    [Symbol.asyncDispose]: async () => {
      await pool.terminate();
    },
  };
}
