/* oxlint-disable unicorn/consistent-function-scoping -- what is sent to a worker is written where it is sent */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/core/errors.ts';
import { fromModule, Pool, type Progress } from '../../src/pool.ts';
import { Folder } from '../support/folder.ts';

const BACKENDS = ['inline', 'threads', 'processes'] as const;
const KINDS = ['threads', 'processes'] as const;

describe.each(BACKENDS)('workers, %s', (backend) => {
  it('have numbers and seeds, the same in each pool of the same seed', async () => {
    const count = backend === 'inline' ? 1 : 2;
    const seeds = async (seed: number): Promise<unknown> => {
      using folder = new Folder();
      const initializer = (context: { worker: number; seed: number }): void => {
        Object.assign(globalThis, { context });
      };
      await using pool = new Pool({ backend, workers: count, seed, initializer });
      // Each of them is at a call until all are.
      const f = async (dir: string, workers: number): Promise<unknown> => {
        const { readdirSync: list, writeFileSync } = process.getBuiltinModule('node:fs');
        const context = Reflect.get(globalThis, 'context') as { worker: number };
        writeFileSync(`${dir}/${context.worker}`, '');
        while (list(dir).length < workers)
          await new Promise((resolve) => {
            setTimeout(resolve, 5);
          });
        return context;
      };
      const found = await pool.starmap(
        f,
        Array.from({ length: count }, () => [folder.path, count] as const),
      );
      return found.map((one) => JSON.stringify(one)).toSorted();
    };
    const first = await seeds(5);
    expect(first).toHaveLength(count);
    expect(await seeds(5)).toEqual(first);
    expect(await seeds(6)).not.toEqual(first);
  });

  it('that never get ready keep nobody, neither who has a signal nor who closes the pool', async () => {
    const pool = new Pool({ backend, workers: 2, initializer: () => new Promise<void>(() => {}) });
    const pending = pool.map((x) => x, [1]).catch(messageOf);
    const signal = AbortSignal.timeout(20);
    await expect(pool.map((x) => x, [1], { signal })).rejects.toThrow(/timeout/);
    await pool[Symbol.asyncDispose]();
    expect(await pending).toBe('the pool was closed');
  });

  it('that did not start are tried again with the next map', async () => {
    using folder = new Folder();
    const file = folder.write('licence-is-missing', '');
    Object.assign(process.env, { GLOMPO_TEST_FILE: file });
    const initializer = (): void => {
      const { existsSync: exists } = process.getBuiltinModule('node:fs');
      if (exists(process.env['GLOMPO_TEST_FILE']!)) throw new Error('no licence');
    };
    await using pool = new Pool({ backend, workers: 2, initializer });
    const found = pool.map((x) => x, [1], { error: 'collect' });
    await expect(found).rejects.toMatchObject({
      code: 'function-unusable',
      message: 'the initializer of the pool failed: no licence',
    });
    rmSync(file);
    expect(await pool.map((x) => x, [1, 2])).toEqual([1, 2]);
    delete process.env['GLOMPO_TEST_FILE'];
  });

  it('are told of: what came of calls, how long they took, how many went together', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const none = pool.statistics();
    expect(none).toMatchObject({ workers: 2, maps: 0, busyShare: 0, callMs: { count: 0 } });
    const f = async (x: number): Promise<number> => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      if (x === 3) throw new Error('three');
      return x;
    };
    await pool.map(f, [0, 1, 2, 3, 4, 5], { error: 'collect', chunkSize: 3 });
    const { calls, maps, busyMs, busyShare, activeMs, callMs, waitMs, chunkSizes } = pool.statistics();
    expect(calls).toEqual({ returned: 5, threw: 1, lost: 0, timedOut: 0 });
    expect(maps).toBe(1);
    expect(callMs.count).toBe(6);
    expect(callMs.least).toBeGreaterThan(15);
    expect(busyMs).toBeCloseTo(6 * callMs.mean, 6);
    expect(busyShare).toBeCloseTo(busyMs / (2 * activeMs), 6);
    expect(waitMs).toMatchObject({ count: 6 });
    expect(chunkSizes).toEqual({ count: 2, mean: 3, least: 3, greatest: 3 });
  });

  it('have shared memory in common with the program, or refuse it', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const memory = new Int32Array(new SharedArrayBuffer(4));
    const add = (counter: Int32Array, x: number): void => {
      Atomics.add(counter, 0, x);
    };
    const count = (x: number): number => Atomics.add(memory, 0, x);
    const byName = pool.map(count, [1, 2], { with: { memory } });
    if (backend === 'processes')
      await expect(byName).rejects.toThrow(/with.memory: .*use the backend threads/);
    else await byName;
    const all = pool.map(
      add,
      Array.from({ length: 10 }, () => memory),
      Array(10).keys(),
    );
    if (backend === 'processes') await expect(all).rejects.toThrow(/use the backend threads/);
    else {
      await all;
      expect(memory[0]).toBe(48);
    }
  });

  it('are handed the memory of arrays, and hand it back', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const inputs = Array.from({ length: 6 }, (_, i) => new Float64Array(10_000).fill(i));
    const twice = (xs: Float64Array): Float64Array => {
      for (let i = 0; i < xs.length; i++) xs[i]! *= 2;
      return xs;
    };
    const outputs = await pool.map(twice, inputs, { transfer: true });
    expect(outputs.map((xs) => [xs.length, xs[0], xs.at(-1)])).toEqual(
      inputs.map((_, i) => [10_000, 2 * i, 2 * i]),
    );
    expect(inputs.every(({ length }) => length === 0)).toBe(true);
    await expect(pool.map(twice, outputs, { transfer: true, retries: 1 })).rejects.toThrow(
      /retries has to be 0/,
    );
    // Without it they are still there, here as in the worker.
    const kept = new Float64Array(3);
    const same = (xs: Float64Array): Float64Array => {
      const store = globalThis as { kept?: Float64Array };
      store.kept ??= xs;
      return store.kept;
    };
    await using one = new Pool({ backend, workers: 1 });
    expect(await one.map(same, [kept, kept, kept])).toEqual([kept, kept, kept]);
    expect(kept).toHaveLength(3);
  });

  it('tell how far a map is, to its end', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const told: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      told.push(progress);
    };
    const f = (x: number): number => {
      if (x % 5 === 0) throw new Error('by five');
      return x;
    };
    await pool.map(f, [...Array(30).keys()], { error: 'collect', onProgress });
    expect(told.at(-1)).toEqual({ done: 30, failed: 6, taken: 30, total: 30 });
    for (const [i, one] of told.entries()) expect(one.done).toBeGreaterThanOrEqual(told[i - 1]?.done ?? 0);
    told.length = 0;
    await pool.map(f, [], { onProgress });
    expect(told).toEqual([{ done: 0, failed: 0, taken: 0, total: 0 }]);
    await pool.map((x) => typeof x, [1, () => 1], { error: 'collect', onProgress, lookAhead: 1 });
    expect(told.at(-1)).toEqual({ done: 2, failed: 1, taken: 2, total: 2 });
    told.length = 0;
    await pool.map(f, Array(3).keys(), [1, 2], { error: 'collect', onProgress });
    expect(told.at(-1)).toMatchObject({ done: 2, total: undefined });
    await expect(
      pool.map((x) => x, [1], {
        onProgress: () => {
          throw new Error('no more of this');
        },
      }),
    ).rejects.toThrow('no more of this');
  });
});

describe.each(KINDS)('workers that are replaced, %s', (backend) => {
  it.each([
    [1, undefined],
    [4, undefined],
    [4, 3],
  ])('do no more than %i calls each, in chunks of %s', async (maxTasksPerWorker, chunkSize) => {
    await using pool = new Pool({ backend, workers: 2, maxTasksPerWorker });
    const count = (x: number): number[] => {
      const store = globalThis as { id?: number; calls?: number };
      store.id ??= performance.timeOrigin + performance.now() + Math.random();
      store.calls = (store.calls ?? 0) + 1;
      return [x, store.id, store.calls];
    };
    const found = await pool.map(count, [...Array(10).keys()], chunkSize === undefined ? {} : { chunkSize });
    expect(found.map(([x]) => x)).toEqual([...Array(10).keys()]);
    expect(Math.max(...found.map((one) => one[2]!))).toBeLessThanOrEqual(maxTasksPerWorker);
    expect(new Set(found.map((one) => one[1])).size).toBeGreaterThanOrEqual(
      Math.ceil(10 / maxTasksPerWorker),
    );
  });

  it('give each result once, in its place, whichever of them die', async () => {
    using folder = new Folder();
    await using pool = new Pool({ backend, workers: 2 });
    const f = (x: number, dir: string, deaths: number): number => {
      const { mkdtempSync, readdirSync: list } = process.getBuiltinModule('node:fs');
      if (list(dir).filter((name) => name.startsWith(`${x}-`)).length < deaths) {
        mkdtempSync(`${dir}/${x}-`);
        process.exit(1);
      }
      return 2 * x;
    };
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<number[]>(0, 0, 0, 1, 2), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (deaths, chunkSize) => {
          const dir = folder.made(`round-${round++}`);
          const indices = deaths.map((_, i) => i);
          const dirs = deaths.map(() => dir);
          const results = await pool.map(f, indices, dirs, deaths, { retries: 2, chunkSize });
          expect(results).toEqual(indices.map((i) => 2 * i));
          expect(readdirSync(dir)).toHaveLength(deaths.reduce((sum, n) => sum + n, 0));
        },
      ),
      { numRuns: 8, seed: 11 },
    );
  });

  it('are replaced when their initializer fails, and cost the others nothing', async () => {
    const initializer = async ({ worker }: { worker: number }): Promise<void> => {
      // The other one is ready by then.
      if (worker % 2 === 0) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      throw new Error('one licence too few');
    };
    await using pool = new Pool({ backend, workers: 2, initializer });
    const slow = async (x: number): Promise<number> => {
      await new Promise((resolve) => {
        setTimeout(resolve, 15);
      });
      return x;
    };
    const xs = [...Array(20).keys()];
    expect(await pool.map(slow, xs)).toEqual(xs);
    expect(await pool.map(slow, xs)).toEqual(xs);
  });

  it('take along what they were handed, and nothing else', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const f = (xs: Float64Array): Float64Array => {
      if (xs[0] === 5) process.exit(1);
      return xs;
    };
    const lost = async (chunkSize?: number): Promise<readonly number[]> => {
      const arrays = Array.from({ length: 12 }, (_, i) => new Float64Array(10).fill(i));
      const options = { error: 'collect', transfer: true, ...(chunkSize && { chunkSize }) } as const;
      const results = await pool.map(f, arrays, options);
      return results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []));
    };
    expect(await lost()).toEqual([5]);
    const together = await lost(4);
    expect(together).toContain(5);
    expect(together.every((i) => i >= 4 && i < 8)).toBe(true);
  });

  it('by a function that kills each of them when it is loaded are not, once for each input', async () => {
    using folder = new Folder();
    const file = folder.write(
      'deadly.mjs',
      `import { mkdtempSync } from 'node:fs';
      mkdtempSync(import.meta.dirname + '/loaded-');
      process.exit(4);
      export default (x) => x;`,
    );
    await using pool = new Pool({ backend, workers: 2 });
    const deadly = fromModule<(x: number) => number>(file);
    await expect(pool.map(deadly, Array(100).keys(), { error: 'collect' })).rejects.toMatchObject({
      code: 'function-unusable',
      message: expect.stringMatching(/while it loaded the function .*exit code 4/u),
    });
    expect(existsSync(file)).toBe(true);
    expect(readdirSync(folder.path).length).toBeLessThanOrEqual(4);
    expect(await pool.map((x) => x, [1, 2])).toEqual([1, 2]);
  });
});
