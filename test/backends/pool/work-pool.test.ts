import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Executor,
  type Settled,
  TookTooLongError,
  WorkerLostError,
} from '../../../src/backends/pool/contract.ts';
import { WorkPool } from '../../../src/backends/pool/work-pool.ts';
import { RandomStream } from '../../../src/core/random.ts';
import { VirtualClock } from '../../simulation/virtual-clock.ts';

interface Item {
  readonly id: number;
  /** What becomes of it: an answer after so long, a dead worker the first `deaths` times, or nothing ever. */
  readonly ms: number;
  readonly deaths: number;
  readonly hangs: boolean;
}

interface Reply {
  readonly id: number;
  readonly ms: number;
}

/** Workers on a virtual clock, which do what the items say, and check what the pool promises of them. */
class SimulatedExecutor implements Executor<Item, Reply> {
  readonly #clock: VirtualClock;
  readonly #workers: number;
  readonly #since = new Map<readonly Item[], number>();
  readonly tries = new Map<number, number>();
  running = 0;
  largestChunk = 0;
  /** Its workers tell of nothing before a chunk is done. */
  isForgetful = false;

  constructor(clock: VirtualClock, workers: number) {
    this.#clock = clock;
    this.#workers = workers;
  }

  async run(
    items: readonly Item[],
    onReply: (index: number, reply: Reply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.running++;
    if (this.running > this.#workers) throw new Error('more chunks than workers');
    this.largestChunk = Math.max(this.largestChunk, items.length);
    const replies: [number, Reply][] = [];
    try {
      for (const [index, { id, ms, deaths, hangs }] of items.entries()) {
        this.#since.set(items, this.#clock.now());
        const tries = (this.tries.get(id) ?? 0) + 1;
        this.tries.set(id, tries);
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const cancel = this.#clock.after(hangs ? 1e9 : ms, () => {
          if (tries <= deaths) reject(new WorkerLostError(`item ${id} killed its worker`, true));
          else resolve();
        });
        signal.addEventListener('abort', () => {
          cancel();
          reject(new WorkerLostError('aborted', true));
        });
        if (signal.aborted) throw new WorkerLostError('aborted', true);
        try {
          await promise;
        } catch (error) {
          if (this.isForgetful) throw new WorkerLostError(`worker of ${id} was lost`, false);
          throw error;
        }
        replies.push([index, { id, ms }]);
        if (this.isForgetful && index < items.length - 1) continue;
        for (const [at, reply] of replies.splice(0)) onReply(at, reply);
      }
    } finally {
      this.running--;
    }
  }

  busySince(items: readonly Item[]): number | undefined {
    return this.#since.get(items);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

interface World {
  readonly clock: VirtualClock;
  readonly executor: SimulatedExecutor;
  readonly pool: WorkPool<Item, Reply>;
  readonly settled: Settled<Item, Reply>[];
}

function worldOf(options: { workers: number; retries: number; timeoutMs: number }): World {
  const clock = new VirtualClock();
  const executor = new SimulatedExecutor(clock, options.workers);
  const settled: Settled<Item, Reply>[] = [];
  const pool = new WorkPool<Item, Reply>({
    executor,
    clock,
    durationOf: ({ ms }) => ms,
    onSettled: (some) => settled.push(...some),
    ...options,
  });
  return { clock, executor, pool, settled };
}

/** Lets everything happen that is due, until nothing is. */
async function runOut(clock: VirtualClock, until: () => boolean): Promise<void> {
  for (let i = 0; i < 100_000 && !until(); i++) {
    for (let turns = 0; turns < 8; turns++) await Promise.resolve();
    if (until() || !clock.step()) break;
  }
}

const item = fc.record({
  ms: fc.oneof(fc.constant(0.01), fc.constant(5), fc.double({ min: 0.001, max: 50, noNaN: true })),
  deaths: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 4 })),
  hangs: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const quick = (id: number, deaths = 0): Item => ({ id, ms: 0.01, deaths, hangs: false });
const itemsOf = (ms: number): Item[] =>
  Array.from({ length: 2000 }, (_, id) => ({ id, ms, deaths: 0, hangs: false }));

/** Three workers that have done some of twenty items. */
async function halfway(random: RandomStream): Promise<World & { readonly items: readonly Item[] }> {
  const world = worldOf({ workers: 3, retries: 1, timeoutMs: 1000 });
  const items = Array.from({ length: 20 }, (_, id) => ({
    id,
    ms: 10 * random.uniform(),
    deaths: 0,
    hangs: false,
  }));
  world.pool.submit(items);
  const enough = random.integer(20);
  await runOut(world.clock, () => world.settled.length >= enough);
  return { ...world, items };
}

describe('the worker pool', () => {
  it('settles every item exactly once, whatever its workers do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(2),
        async (drawn, workers, retries) => {
          const items = drawn.map((one, id) => ({ ...one, id }));
          const { clock, executor, pool, settled } = worldOf({ workers, retries, timeoutMs: 100 });
          pool.submit(items);
          await runOut(clock, () => settled.length >= items.length && executor.running === 0);
          expect(settled.map((one) => one.item.id).toSorted((a, b) => a - b)).toEqual(
            items.map(({ id }) => id),
          );
          for (const one of settled) {
            const { deaths, hangs } = one.item;
            // A worker that hangs is ended as soon as its time is up, and the item not tried again.
            const expected = hangs ? 'timed-out' : deaths > retries ? 'lost' : 'replied';
            expect(one.kind).toBe(expected);
            expect(one.attempts).toBe(hangs ? 1 : Math.min(deaths, retries) + 1);
          }
        },
      ),
    );
  });

  it('finds out who killed a worker that took replies with it, and charges nobody else', async () => {
    const { clock, executor, pool, settled } = worldOf({ workers: 1, retries: 1, timeoutMs: Infinity });
    executor.isForgetful = true;
    // The first makes items quick, so that the rest goes in one chunk.
    pool.submit([quick(0)]);
    await runOut(clock, () => settled.length === 1);
    pool.submit(Array.from({ length: 100 }, (_, i) => quick(i + 1, i + 1 === 60 ? 99 : 0)));
    await runOut(clock, () => settled.length === 101);
    expect(executor.largestChunk).toBe(100);
    const odd = settled.filter(({ kind, attempts }) => kind !== 'replied' || attempts !== 1);
    expect(odd).toMatchObject([{ kind: 'lost', item: { id: 60 }, attempts: 2 }]);
  });

  it('makes chunks of quick items, and never of slow ones', async () => {
    const brisk = worldOf({ workers: 2, retries: 0, timeoutMs: Infinity });
    brisk.pool.submit(itemsOf(0.01));
    await runOut(brisk.clock, () => brisk.settled.length === 2000);
    expect(brisk.executor.largestChunk).toBe(256);
    const slow = worldOf({ workers: 2, retries: 0, timeoutMs: Infinity });
    slow.pool.submit(itemsOf(2));
    await runOut(slow.clock, () => slow.settled.length === 2000);
    expect(slow.executor.largestChunk).toBe(1);
  });

  it('has room for one item a worker while they are slow, and for many when they are quick', async () => {
    const { clock, pool, settled } = worldOf({ workers: 3, retries: 0, timeoutMs: Infinity });
    expect(pool.room).toBe(3);
    pool.submit([{ id: 0, ms: 0.01, deaths: 0, hangs: false }]);
    expect(pool.room).toBe(2);
    await runOut(clock, () => settled.length === 1);
    expect(pool.room).toBe(3 * 256);
  });

  it('takes up what waits as workers come, and no more than there are when they go', async () => {
    const { clock, executor, pool, settled } = worldOf({ workers: 3, retries: 0, timeoutMs: Infinity });
    const most = (count: number): Promise<void> => runOut(clock, () => executor.running > count);
    pool.resize(0);
    pool.submit(itemsOf(5).slice(0, 60));
    await most(0);
    expect(settled).toHaveLength(0);
    pool.resize(3);
    expect(executor.running).toBe(3);
    await runOut(clock, () => settled.length >= 10);
    pool.resize(1);
    await runOut(clock, () => executor.running === 1);
    await most(1);
    expect(settled.map((one) => one.item.id).toSorted((a, b) => a - b)).toEqual([...Array(60).keys()]);
  });

  it('takes the word of those who time their workers themselves, and does not try such an item again', async () => {
    const settled: Settled<number, number>[] = [];
    const tried: (readonly number[])[] = [];
    await using pool = new WorkPool<number, number>({
      executor: {
        run: async (items, onReply) => {
          tried.push(items);
          if (items.includes(2)) throw new TookTooLongError('it was at one for too long', false);
          for (const [i, one] of items.entries()) onReply(i, one);
          await Promise.resolve();
        },
        busySince: () => undefined,
        [Symbol.asyncDispose]: async () => {},
      },
      workers: 1,
      retries: 3,
      timeoutMs: Infinity,
      chunkSize: 4,
      clock: new VirtualClock(),
      durationOf: () => 1,
      onSettled: (some) => settled.push(...some),
    });
    pool.submit([0, 1, 2, 3]);
    await expect.poll(() => settled.length).toBe(4);
    expect(settled.map(({ item: id, kind }) => [id, kind])).toEqual([
      [0, 'replied'],
      [1, 'replied'],
      [2, 'timed-out'],
      [3, 'replied'],
    ]);
    expect(tried).toEqual([[0, 1, 2, 3], [0], [1], [2], [3]]);
  });

  it('gives back what it has not settled when it is cancelled, and settles nothing of it afterwards', async () => {
    const random = RandomStream.at(1, 'cancel');
    for (let round = 0; round < 50; round++) {
      const { clock, executor, pool, settled, items } = await halfway(random);
      const given = pool.cancel();
      const before = settled.length;
      expect(
        [...settled.map((one) => one.item.id), ...given.map(({ id }) => id)].toSorted((a, b) => a - b),
      ).toEqual(items.map(({ id }) => id));
      await runOut(clock, () => executor.running === 0);
      expect(settled).toHaveLength(before);
    }
  });

  it('gives back what waits when it is asked to, settles all else, and goes on', async () => {
    const random = RandomStream.at(1, 'withdraw');
    for (let round = 0; round < 50; round++) {
      const { clock, executor, pool, settled, items } = await halfway(random);
      // Of those that the executor has, each second one; and all that have not come to it.
      const isWaiting = (some: readonly Item[]): boolean =>
        some.every(({ id }) => id % 2 === 0 || !executor.tries.has(id));
      const given = pool.withdraw(isWaiting);
      const before = new Set(settled.map((one) => one.item.id));
      for (const { id } of given) expect(before.has(id)).toBe(false);
      await runOut(clock, () => settled.length + given.length === 20);
      expect(
        [...settled.map((one) => one.item.id), ...given.map(({ id }) => id)].toSorted((a, b) => a - b),
      ).toEqual(items.map(({ id }) => id));
      pool.submit([{ id: 20, ms: 1, deaths: 0, hangs: false }]);
      await runOut(clock, () => settled.at(-1)?.item.id === 20);
      expect(pool.room).toBeGreaterThanOrEqual(3);
    }
  });
});
