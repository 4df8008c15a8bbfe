/* oxlint-disable unicorn/consistent-function-scoping -- what is sent to a worker is written where it is sent */
import { once } from 'node:events';
import { execa } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Absence } from '../../src/pool/absence.ts';
import { Pool } from '../../src/pool.ts';
import { hasServer, TestEngine } from '../backends/cluster/support.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const url = new URL('../../src/pool.ts', import.meta.url).href;

describe.skipIf(!hasServer)('a pool on a cluster', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('speaks over an engine that is given, beside other pools, which get nothing of it', async () => {
    await using engine = await TestEngine.start();
    const { connection } = engine;
    const initializer = (): void => {
      Object.assign(globalThis, { parent: process.ppid });
    };
    await using one = new Pool({ backend: 'cluster', workers: 1, engine: { connection }, initializer });
    await using other = new Pool({ backend: 'cluster', workers: 1, engine: { connection } });
    const [ones, others] = await Promise.all([
      one.map((x) => [x, 'parent' in globalThis], Array(50).keys(), { chunkSize: 1 }),
      other.map((x) => [x, 'parent' in globalThis], Array(50).keys(), { chunkSize: 1 }),
    ]);
    expect(ones).toEqual(Array.from({ length: 50 }, (_, x) => [x, true]));
    expect(others).toEqual(Array.from({ length: 50 }, (_, x) => [x, false]));
  });

  it('says what is wrong with the engine that the environment names', async () => {
    vi.stubEnv('GLOMPO_ENGINE_URL', 'nats://127.0.0.1:1');
    await using pool = new Pool({ backend: 'cluster' });
    await expect(pool.run(() => 1)).rejects.toMatchObject({
      code: 'engine-unusable',
      message: expect.stringMatching(/nats:\/\/127\.0\.0\.1:1 cannot be reached/u),
    });
  });

  it('lets nobody through who began without the others', async () => {
    await using pool = new Pool({ backend: 'cluster', workers: 1 });
    expect(await pool.run((x: number) => x + 1, 1)).toBe(2);
    vi.stubEnv('OMPI_COMM_WORLD_RANK', '0');
    vi.stubEnv('OMPI_COMM_WORLD_SIZE', '2');
    vi.stubEnv('PMIX_NAMESPACE', 'a-launch');
    await expect(pool.main()).rejects.toThrow(/main\(\) has to come before the first map/);
  });

  it('takes chunks of any size, memory as copies, and tells of one call that is too large', async () => {
    await using pool = new Pool({ backend: 'cluster', workers: 1 });
    const arrays = (): Float64Array[] =>
      Array.from({ length: 20 }, (_, i) => new Float64Array(25_000).fill(i));
    const twice = (xs: Float64Array): Float64Array => xs.map((x) => 2 * x);
    const together = await pool.map(twice, arrays(), { chunkSize: 20 });
    expect(together.map((xs) => [xs.length, xs.at(-1)])).toEqual(arrays().map((_, i) => [25_000, 2 * i]));
    expect(pool.statistics().chunkSizes).toMatchObject({ count: 1, mean: 20 });
    const given = arrays();
    const moved = await pool.map(twice, given, { transfer: true });
    expect(moved).toEqual(together);
    expect(given.every(({ length }) => length === 0)).toBe(true);
    const shared = new Int32Array(new SharedArrayBuffer(4));
    await expect(pool.map((xs) => xs.length, [shared])).rejects.toThrow(/use the backend threads/);
    await expect(pool.map(() => shared.length, [1], { with: { shared } })).rejects.toThrow(/with.shared: /);
    await expect(pool.run((xs: Uint8Array) => xs.length, new Uint8Array(9e6))).rejects.toMatchObject({
      code: 'call-lost',
      message: expect.stringMatching(/a job of 9\d* bytes is more than the engine takes at once/u),
    });
    await expect(pool.run(() => new Uint8Array(9e6))).rejects.toMatchObject({
      code: 'call-lost',
      message: expect.stringMatching(/its answer of 9\d* bytes is more than the engine takes at once/u),
    });
    expect(await pool.run((x: number) => x + 1, 1)).toBe(2);
  });

  it('replaces workers after so many calls, each of which has a number and seed of its own', async () => {
    const initializer = (context: { worker: number; seed: number }): void => {
      Object.assign(globalThis, { context });
    };
    await using pool = new Pool({
      backend: 'cluster',
      workers: 2,
      seed: 3,
      maxTasksPerWorker: 2,
      initializer,
    });
    const f = (): string => JSON.stringify(Reflect.get(globalThis, 'context'));
    const found = await pool.map(f, Array(8).keys());
    const counts = Map.groupBy(found, (one) => one);
    expect([...counts.values()].every(({ length }) => length <= 2)).toBe(true);
    const contexts = [...counts.keys()].map((one) => JSON.parse(one) as { worker: number; seed: number });
    expect(new Set(contexts.map(({ seed }) => seed)).size).toBe(contexts.length);
    const numbers = contexts.map(({ worker }) => worker);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.min(...numbers)).toBeLessThan(2);
  });

  it('leaves nothing behind, whatever its calls are at', async () => {
    using marked = new Marked();
    const pool = new Pool({ backend: 'cluster', workers: 2 });
    const endless = (x: number): number => {
      // oxlint-disable-next-line eslint/no-unmodified-loop-condition -- it never ends
      while (x > 0);
      return x;
    };
    const calls = pool.imapUnordered(endless, [0, 1]);
    await calls.next();
    expect(marked.alive().length).toBeGreaterThanOrEqual(3);
    const pending = calls.next().catch(String);
    await pool[Symbol.asyncDispose]();
    expect(await pending).toContain('the pool was closed');
    expect(await marked.gone(2000)).toEqual([]);
  });

  it('is gone with all that it has started when its program is killed', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const file = folder.write(
      'program.mjs',
      `import { Pool } from ${JSON.stringify(url)};
const pool = new Pool({ backend: 'cluster', workers: 2 });
for await (const one of pool.imapUnordered((x) => { while (x > 0); return x; }, [0, 1, 1])) console.log('begun');
`,
    );
    const program = execa(process.execPath, [file], { reject: false, buffer: false });
    await once(program.stdout, 'data');
    program.kill('SIGKILL');
    await program;
    expect(await marked.gone(5000)).toEqual([]);
  });

  it('warns when no worker is there for a while, and not when one came', async () => {
    using present = new Absence(1, () => 'somebody is there');
    using absent = new Absence(1, () => 'nobody is there');
    absent.note(0);
    present.note(1);
    const [{ name, message }] = (await once(process, 'warning')) as [Error];
    expect([name, message]).toEqual(['PoolWarning', 'nobody is there']);
  });
});
