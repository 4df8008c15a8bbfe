/* oxlint-disable unicorn/consistent-function-scoping, eslint/no-unmodified-loop-condition -- what is sent to a worker is written where it is sent, and some of it never ends */
import { readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Executor, WorkerLostError } from '../../src/backends/pool/contract.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Call, Reply } from '../../src/pool/contract.ts';
import { zip } from '../../src/pool/inputs.ts';
import { MapRun } from '../../src/pool/map-run.ts';
import { LostWhileLoadingError } from '../../src/pool/member.ts';
import type { Outcome } from '../../src/pool/outcome.ts';
import { Statistics } from '../../src/pool/statistics.ts';
import { fromFunction, fromModule, Pool } from '../../src/pool.ts';
import { Folder } from '../support/folder.ts';
import { BACKENDS, KINDS } from './backends.ts';

const url = new URL('./functions.ts', import.meta.url);
const double = fromModule<(x: number) => number>(url);
const even = fromModule<(x: number) => number>(url, 'even');

/** What a promise was rejected with. */
async function failureOf(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was not rejected');
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe.each(BACKENDS)('a pool, %s', (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, workers: 2, seed: 7 });
  });
  afterAll(async () => {
    await pool[Symbol.asyncDispose]();
  });

  it('gives what Array.map does, for any inputs and any sizes of chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double(), { maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        async (xs, chunkSize, lookAhead) => {
          const options = {
            ...(chunkSize === undefined ? {} : { chunkSize }),
            ...(lookAhead === undefined ? {} : { lookAhead }),
          };
          const expected = xs.map((x) => [x, x / 3]);
          expect(await pool.map((x) => [x, x / 3], xs, options)).toEqual(expected);
          expect(await all(pool.imap((x) => [x, x / 3], xs, options))).toEqual(expected);
          const found = await all(pool.imapUnordered((x) => [x, x / 3], xs, options));
          expect(found.toSorted(([a], [b]) => a - b)).toEqual(expected.map((one, i) => [i, one]));
        },
      ),
      { numRuns: backend === 'cluster' ? 10 : 25, seed: 1 },
    );
  });

  it('takes one of each sequence until the shortest is over, of any kind', async () => {
    async function* numbers(): AsyncGenerator<number> {
      for (let i = 0; ; i++) yield i;
    }
    expect(await pool.map((a, b, c) => [a, b, c], numbers(), 'abc', new Set([true, false]))).toEqual([
      [0, 'a', true],
      [1, 'b', false],
    ]);
  });

  it('calls with tuples, and once', async () => {
    expect(
      await pool.starmap(
        (a, b) => a - b,
        [
          [1, 2],
          [5, 3],
        ],
      ),
    ).toEqual([-1, 2]);
    expect(await pool.run((a: number, b: { c: number }) => a + b.c, 1, { c: 2 })).toBe(3);
    expect(await pool.map(double, [])).toEqual([]);
  });

  it('calls functions of modules, asynchronous ones, and methods', async () => {
    expect(await pool.map(double, [1, 2])).toEqual([2, 4]);
    expect(await pool.map(async (x) => await Promise.resolve(x + 1), [1, 2])).toEqual([2, 3]);
    const methods = {
      add(x: number): number {
        return x + 1;
      },
    };
    // oxlint-disable-next-line typescript/unbound-method -- it uses no this
    expect(await pool.map(methods.add, [1])).toEqual([2]);
  });

  it('passes values and functions by name', async () => {
    const scale = 3;
    const shift = new Map([['a', 1]]);
    const helper = (x: number): number => x * scale;
    const f = (x: number): number => helper(x) + shift.get('a')!;
    expect(await pool.map(f, [1, 2], { with: { helper, scale, shift } })).toEqual([4, 7]);
    expect(await pool.run(fromFunction(f, { helper, scale, shift }), 5)).toBe(16);
    const state = { n: 1 };
    const pending = pool.map((x) => x + state.n, [1], { with: { state } });
    state.n = 10;
    expect(await pending).toEqual([2]);
    const error = await failureOf(pool.map(f, [1], { with: { scale } }));
    expect(error.message).toMatch(/uses helper, shift from outside.*with: \{ scale, helper, shift \}/su);
  });

  it.each(['a-b', '', '1a', 'class', 'a = 1, b', 'eval'])(
    'refuses what no function could use: %j',
    async (name) => {
      expect(await failureOf(pool.map((x) => x, [1], { with: { [name]: 1 } }))).toMatchObject({
        code: 'usage',
      });
      expect(await pool.map((x) => x, [1], { with: { $größe_1: 1 } })).toEqual([1]);
    },
  );

  it('knows results and arguments of every kind that can be sent', async () => {
    const value = {
      a: new Float64Array([1, 2]),
      b: new Date(0),
      c: new Set([1n]),
      d: [undefined, null, NaN],
    };
    expect(await pool.map((x) => x, [value])).toEqual([value]);
  });

  it('gives calls in the order of inputs, or as they come', async () => {
    using folder = new Folder();
    const file = folder.at('last');
    // The first is done after the last.
    const f = async (x: number): Promise<number> => {
      const { existsSync, writeFileSync } = process.getBuiltinModule('node:fs');
      if (x === 3) writeFileSync(file, '');
      while (x === 0 && !existsSync(file))
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
      return x;
    };
    const values = await all(pool.imap(f, [0, 1, 2, 3], { with: { file } }));
    expect(values).toEqual([0, 1, 2, 3]);
    rmSync(file);
    const unordered = await all(pool.imapUnordered(f, [0, 1, 2, 3], { with: { file } }));
    expect(unordered.toSorted(([a], [b]) => a - b)).toEqual([0, 1, 2, 3].map((x) => [x, x]));
    expect(unordered.findIndex(([index]) => index === 0)).toBeGreaterThan(0);
  });

  it.each([
    [1, 1],
    [3, 1],
    [8, 4],
  ])('takes no more inputs than %i ahead, in chunks of %i', async (lookAhead, chunkSize) => {
    let pulled = 0;
    let isClosed = false;
    function* endless(): Generator<number> {
      try {
        for (;;) yield pulled++;
      } finally {
        isClosed = true;
      }
    }
    let given = 0;
    for await (const value of pool.imap(double, endless(), { lookAhead, chunkSize })) {
      expect(value).toBe(2 * given++);
      expect(pulled - given).toBeLessThanOrEqual(lookAhead);
      if (given === 40) break;
    }
    expect(isClosed).toBe(true);
    const before = pulled;
    expect(await pool.map(double, [1])).toEqual([2]);
    expect(pulled).toBe(before);
  });

  it('rejects with the error that was thrown: class, message, properties, causes, and both stacks', async () => {
    const error = (await failureOf(pool.map(even, [2, 3]))) as RangeError & { details: object };
    expect(error).toBeInstanceOf(RangeError);
    expect(error.constructor.name).toBe('OddError');
    expect(error).toMatchObject({ message: '3 is odd', code: 'ODD', details: { x: 3 } });
    expect(error.cause).toBeInstanceOf(TypeError);
    expect((error.cause as Error).cause).toBe('a string');
    const [worker, caller] = error.stack!.split('called from');
    expect(worker).toContain('functions.ts');
    expect(caller).toContain('pool.test.ts');
  });

  it('passes on what is thrown and is no error', async () => {
    await expect(
      pool.run(() => {
        // oxlint-disable-next-line typescript/only-throw-error -- that is what it is about
        throw { code: 5 };
      }),
    ).rejects.toEqual({ code: 5 });
    const error = await failureOf(
      pool.run(() => {
        throw new AggregateError([new TypeError('a'), 'b'], 'both');
      }),
    );
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([new TypeError('a'), 'b']);
  });

  it('passes on what errors have, whatever they are like', async () => {
    const failure = async (f: () => never): Promise<Error> => await failureOf(pool.run(f));
    const listed = await failure(() => {
      throw Object.assign(new TypeError('two'), { errors: ['a', 'b'] });
    });
    expect(listed).toMatchObject({ name: 'TypeError', errors: ['a', 'b'] });
    const odd = await failure(() => {
      const error = Object.assign(new TypeError('odd'), { kept: 1 });
      const get = (): never => {
        throw new Error('not to be read');
      };
      throw Object.defineProperty(error, 'part', { enumerable: true, get });
    });
    expect(odd).toMatchObject({ name: 'TypeError', message: 'odd', kept: 1 });
    const unreadable = await failure(() => {
      const get = (): never => {
        throw new Error('not to be read');
      };
      throw Object.defineProperty(new Error('a'), 'message', { get });
    });
    expect(unreadable).toBeInstanceOf(Error);
    const endless = await failure(() => {
      const error = new AggregateError([], 'of itself');
      error.errors = [error, error];
      throw error;
    });
    const count = (error: unknown): number =>
      error instanceof AggregateError ? error.errors.reduce<number>((sum, one) => sum + count(one), 1) : 1;
    expect(endless.message).toBe('of itself');
    expect(count(endless)).toBe(1000);
  });

  it('collects failures when asked to', async () => {
    expect(await pool.map(even, [2, 3, 4], { error: 'collect' })).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: expect.objectContaining({ message: '3 is odd' }) },
      { status: 'fulfilled', value: 4 },
    ]);
    const unsendable = await pool.map((f) => typeof f, [1, () => 1], { error: 'collect' });
    expect(unsendable).toMatchObject([{ value: 'number' }, { reason: { name: 'TypeError' } }]);
    const unreturnable = await pool.map((x) => (x > 1 ? () => x : x), [1, 2], { error: 'collect' });
    expect(unreturnable).toMatchObject([{ value: 1 }, { reason: { name: 'TypeError' } }]);
  });

  it.each([
    [
      'a module that is not there',
      fromModule<(x: number) => number>(new URL('./nowhere.ts', import.meta.url)),
      /nowhere/,
    ],
    [
      'an export that is not there',
      fromModule<(x: number) => number>(url, 'evn'),
      /is not there; did you mean even/,
    ],
    [
      'an export that is no function',
      fromModule<(x: number) => number>(url, 'notAFunction'),
      /is 1, expected a function/,
    ],
  ])('fails at once for %s, also where failures are collected', async (_, f, message) => {
    const error = await failureOf(pool.map(f, [1, 2, 3], { error: 'collect' }));
    expect(error.code).toBe('function-unusable');
    expect(error.message).toMatch(message);
    expect(await pool.map(double, [1])).toEqual([2]);
  });

  it('fails at once for a module that does not parse', async () => {
    using folder = new Folder();
    const file = folder.write('broken.mjs', 'export default (x) => x +;');
    const error = await failureOf(pool.map(fromModule<(x: number) => number>(file), [1, 2]));
    expect(error.message).toContain('broken.mjs cannot be loaded');
  });

  it('ends a call that takes too long, and goes on', async () => {
    const wait = async (ms: number): Promise<number> => {
      await new Promise((resolve) => {
        setTimeout(resolve, ms);
      });
      return ms;
    };
    const results = await pool.map(wait, [0, 60_000, 1], { timeoutMs: 1000, error: 'collect' });
    expect(results).toMatchObject([{ value: 0 }, { reason: { code: 'call-timed-out' } }, { value: 1 }]);
  });

  it('ends with its signal, and the pool goes on', async () => {
    const abort = new AbortController();
    const endless = pool.map(() => new Promise<never>(() => {}), [1, 2, 3], { signal: abort.signal });
    setTimeout(() => {
      abort.abort(new Error('enough'));
    }, 50);
    expect((await failureOf(endless)).message).toBe('enough');
    expect((await failureOf(pool.map(double, [1], { signal: abort.signal }))).message).toBe('enough');
    expect(await pool.map(double, [1, 2, 3])).toEqual([2, 4, 6]);
  });

  it('fails with what its inputs throw', async () => {
    function* inputs(): Generator<number> {
      yield 1;
      throw new Error('no more');
    }
    expect((await failureOf(pool.map(double, inputs()))).message).toBe('no more');
  });

  it('gives each call a seed that depends on the seed, the map and the index alone', async () => {
    const seeds = async (workers: number, chunkSize: number): Promise<unknown> => {
      await using other = new Pool({ backend, workers, seed: 7 });
      const draw = (x: number, { seed, index }: { seed: number; index: number }): unknown => [x, index, seed];
      const maps = [1, 2].map(async () => await other.map(draw, [5, 6, 7], { seeded: true, chunkSize }));
      return await Promise.all(maps);
    };
    const [first, second] = (await seeds(1, 1)) as readonly (readonly (readonly number[])[])[];
    expect(new Set([...first!, ...second!].map((one) => one[2])).size).toBe(6);
    expect(await seeds(2, 3)).toEqual([first, second]);
  });

  it('calls the initializer in each worker, before all else', async () => {
    const initializer = (): void => {
      Object.assign(globalThis, { initialized: 1 });
    };
    await using other = new Pool({ backend, workers: 2, initializer });
    expect(await other.map(() => 'initialized' in globalThis, [1, 2, 3, 4])).toEqual([
      true,
      true,
      true,
      true,
    ]);
    await using failing = new Pool({
      backend,
      workers: 2,
      initializer: () => {
        throw new Error('no licence');
      },
    });
    expect((await failureOf(failing.map(double, [1]))).message).toContain('no licence');
  });

  it('is of no use after it was closed, and fails what goes on', async () => {
    const other = new Pool({ backend, workers: 1 });
    const calls = other.imapUnordered((x) => (x === 0 ? x : new Promise<number>(() => {})), [0, 1]);
    expect((await calls.next()).value).toEqual([0, 0]);
    const pending = failureOf(calls.next());
    await other[Symbol.asyncDispose]();
    expect((await pending).message).toBe('the pool was closed');
    expect((await failureOf(other.map(double, [1]))).message).toBe('the pool is closed');
  });
});

describe.each(KINDS)('a worker that dies, %s', (backend) => {
  it('costs the call that it was at', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const f = (x: number): number => (x === 5 ? process.exit(3) : x);
    const results = await pool.map(f, [...Array(10).keys()], { error: 'collect', chunkSize: 4 });
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))).toEqual([
      0,
      1,
      2,
      3,
      4,
      'call-lost',
      6,
      7,
      8,
      9,
    ]);
    const error = await failureOf(pool.map(f, [5], { retries: 2 }));
    expect(error.message).toMatch(/call 0 was lost, 3 times: .*exit code 3/);
  });

  it('costs nothing with retries: each result comes once', async () => {
    using folder = new Folder();
    const dir = folder.path;
    await using pool = new Pool({ backend, workers: 2, retries: 1 });
    // Some calls kill their worker the first time.
    const f = (x: number): number => {
      const { existsSync, writeFileSync } = process.getBuiltinModule('node:fs');
      const file = `${dir}/${x}`;
      if (x % 40 === 7 && !existsSync(file)) {
        writeFileSync(file, '');
        if (signal === undefined) process.exit(1);
        process.kill(process.pid, signal);
      }
      return x;
    };
    const signal = backend === 'threads' ? undefined : 'SIGKILL';
    const counts = new Map<number, number>();
    for await (const [index, value] of pool.imapUnordered(f, Array(300).keys(), { with: { dir, signal } })) {
      expect(value).toBe(index);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    expect(counts.size).toBe(300);
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
  });

  it('that is ended for a map that failed costs the next map nothing', async () => {
    await using pool = new Pool({ backend, workers: 2 });
    const fail = (x: number): number => {
      if (x % 3 === 2) throw new Error('as it happens');
      return x;
    };
    for (let round = 0; round < 10; round++) {
      await expect(pool.map(fail, Array(20).keys())).rejects.toThrow('as it happens');
      expect(await pool.map(fail, [0, 1, 3, 4])).toEqual([0, 1, 3, 4]);
    }
  });

  it('is ended in an endless loop', async () => {
    await using pool = new Pool({ backend, workers: 1, timeoutMs: 1000 });
    const f = (x: number): number => {
      while (x === 1);
      return x;
    };
    expect(await pool.map(f, [0, 1, 2], { error: 'collect' })).toMatchObject([
      { value: 0 },
      { reason: { code: 'call-timed-out' } },
      { value: 2 },
    ]);
  });

  it('is at one call at a time, and does each once', async () => {
    using folder = new Folder();
    const file = folder.at('calls');
    await using pool = new Pool({ backend, workers: 2 });
    const note = fromModule<(file: string, x: number) => number>(url, 'note');
    await pool.starmap(
      note,
      Array.from({ length: 500 }, (_, i) => [file, i] as const),
    );
    const noted = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    expect(noted.toSorted((a, b) => a - b)).toEqual([...Array(500).keys()]);
  });
});

/** What a map makes of what two workers do. */
async function runOn(
  run: Executor<Call, Reply>['run'],
  inputs: readonly unknown[],
): Promise<{ outcomes: readonly Outcome[]; failure: { readonly error: unknown } | undefined }> {
  const nothing = async (): Promise<void> => {};
  const executor = { run, busySince: () => undefined, [Symbol.asyncDispose]: nothing };
  const outcomes: Outcome[] = [];
  return await new Promise((resolve) => {
    new MapRun({
      crew: { workers: 2, endsLongCalls: true, open: () => executor, [Symbol.asyncDispose]: nothing },
      retries: 0,
      timeoutMs: Infinity,
      chunkSize: 1,
      largestChunk: Infinity,
      lookAhead: undefined,
      f: { id: 0, spec: { kind: 'module', url: '', exportName: '' } },
      tuples: zip([inputs]),
      seedOf: () => undefined,
      handling: { canShare: true, isMoved: false },
      statistics: new Statistics(systemClock, 2),
      onProgress: undefined,
      callerStack: '',
      onOutcome: (outcome) => outcomes.push(outcome),
      onEnd: (failure) => {
        resolve({ outcomes, failure });
      },
    }).start();
  });
}

describe('a map', () => {
  it('of the thread that has the pool lets timers have their turn', async () => {
    await using pool = new Pool({ backend: 'inline' });
    function* endless(): Generator<number> {
      for (let i = 0; ; i++) yield i;
    }
    const calls = pool.imapUnordered((x) => x, endless(), { signal: AbortSignal.timeout(30) });
    expect((await failureOf(all(calls))).message).toMatch(/timeout/);
  });

  it('may give its calls more time than a timer has', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => {
      warnings.push(name);
    };
    process.on('warning', note);
    await using pool = new Pool({ backend: 'inline', timeoutMs: 2 ** 31 });
    await pool.run(async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    });
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('tells of a reply that cannot be read as of a call that failed', async () => {
    const value = { bytes: new Uint8Array(3), buffers: [] };
    const { outcomes } = await runOn(
      async (_, onReply) => {
        onReply(0, { kind: 'returned', value, moved: [], durationMs: 0 });
      },
      [1],
    );
    expect(outcomes).toMatchObject([{ index: 0, result: { reason: { name: 'TypeError' } } }]);
  });

  it('ends when a worker is lost as it loads the function, though another is lost in the same moment', async () => {
    const both = Promise.withResolvers<void>();
    const { failure } = await runOn(
      async ([call]) => {
        if (call!.index === 1) both.resolve();
        await both.promise;
        throw call!.index === 0
          ? new LostWhileLoadingError('while it loaded it')
          : new WorkerLostError('as it happens', true);
      },
      [1, 2],
    );
    expect(failure).toMatchObject({ error: { code: 'function-unusable', message: 'while it loaded it' } });
  });
});

describe('options', () => {
  it('are told from sequences: an object that cannot be iterated', async () => {
    await using pool = new Pool({ backend: 'inline' });
    const fault = async (...rest: readonly unknown[]): Promise<string> => {
      const map = pool.map.bind(pool) as (...all: readonly unknown[]) => Promise<unknown>;
      return (await failureOf(map((x: number) => x, ...rest))).message;
    };
    expect(await fault([1], { chunksize: 2 })).toBe(
      'options of a map: unknown option chunksize; did you mean chunkSize?',
    );
    expect(await fault([1], { chunkSize: 0 })).toContain(
      'chunkSize: expected an integer of at least 1, got 0',
    );
    expect(await fault(5)).toContain('sequence 1: expected something to iterate over, got 5');
    expect(await fault({})).toContain('expected at least one sequence');
    expect(() => new Pool({ backend: 'thread' as never })).toThrow(
      /expected inline, threads, processes or cluster/,
    );
    expect(() => new Pool({ worker: 2 } as object)).toThrow(/did you mean workers/);
    expect(() => fromModule('./a.ts')).toThrow(/new URL\("\.\/a\.ts", import\.meta\.url\)/);
  });
});
