import { describe, expect, it } from 'vitest';
import { fromFunction, Pool } from '../../src/pool.ts';
import { BACKENDS } from './backends.ts';

/** A pool whose arguments the compiler does not look at. */
type Loose = Record<'map' | 'starmap' | 'run', (...args: readonly unknown[]) => Promise<unknown>> &
  Record<'imap' | 'imapUnordered', (...args: readonly unknown[]) => AsyncGenerator>;

const controller = new AbortController();
const same = (x: unknown): unknown => x;
const wanted = 'expected a function, or what fromModule, fromFunction or method give';
const tuple = 'starmap: expected a list of arguments for each call';

const cases: readonly [title: string, call: (pool: Loose) => unknown, message: string][] = [
  ['map(undefined)', (pool) => pool.map(undefined, [1]), `${wanted}, got undefined`],
  ['map(null)', (pool) => pool.map(null, [1]), `${wanted}, got null`],
  ['map(5)', (pool) => pool.map(5, [4]), `${wanted}, got 5`],
  ['starmap("abc")', (pool) => pool.starmap('abc', [[4]]), `${wanted}, got "abc"`],
  ['run()', (pool) => pool.run(), `${wanted}, got undefined`],
  ['run({ module })', (pool) => pool.run({ module: 'x' }, 1), `${wanted}, got an object`],
  ['run({ kind })', (pool) => pool.run({ kind: 'module' }, 1), `${wanted}, got an object`],
  ['imap("abc")', (pool) => pool.imap('abc', [1]).next(), `${wanted}, got "abc"`],
  ['imapUnordered([])', (pool) => pool.imapUnordered([], [1]).next(), `${wanted}, got an empty list`],
  ['starmap over numbers', (pool) => pool.starmap(same, [[1], 3]), `${tuple}, got 3 for call 1`],
  ['starmap over texts', (pool) => pool.starmap(same, ['ab']), `${tuple}, got "ab" for call 0`],
  ['starmap over sets', (pool) => pool.starmap(same, [new Set([1])]), `${tuple}, got an object for call 0`],
  [
    'starmap over numbers that are collected',
    (pool) => pool.starmap(same, [3], { error: 'collect' }),
    `${tuple}, got 3 for call 0`,
  ],
  ['starmap over a number', (pool) => pool.starmap(same, 5), 'expected something to iterate over, got 5'],
  [
    'a controller for its signal',
    (pool) => pool.map(same, [1], { signal: controller }),
    'signal: expected an AbortSignal, got an AbortController; did you mean controller.signal?',
  ],
  [
    'something else for a signal',
    (pool) => pool.map(same, [1], { signal: 'abort' }),
    'signal: expected an AbortSignal, got "abort"',
  ],
  [
    'something else for onProgress',
    (pool) => pool.map(same, [1], { onProgress: true }),
    'onProgress: expected a function, got true',
  ],
  [
    'something else for values by name',
    (pool) => pool.map(same, [1], { with: null }),
    'with: expected an object { name: value }, got null',
  ],
  ['no options', (pool) => pool.starmap(same, [[1]], null), 'options of a map: expected an object, got null'],
];

describe.each(BACKENDS)('a pool, %s', (backend) => {
  it.each(cases)('refuses %s', async (_, call, message) => {
    await using pool = new Pool({ backend, workers: 1 });
    // Whether at once or by a promise.
    const failure = (async () => await call(pool as unknown as Loose))();
    await expect(failure).rejects.toThrow(expect.objectContaining({ code: 'usage', message }));
  });
});

describe('a pool', () => {
  it.each([
    [{ initializer: 5 }, `initializer: ${wanted}, got 5`],
    [{ initializer: { module: 'x' } }, `initializer: ${wanted}, got an object`],
    [null, 'Pool: expected an object, got null'],
  ])('is not made with %j', (options, message) => {
    expect(() => new Pool(options as never)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });

  it('refuses to pass values to what is no function', () => {
    expect(() => fromFunction(5 as never)).toThrow(
      expect.objectContaining({ code: 'usage', message: 'fromFunction: expected a function, got 5' }),
    );
  });

  it('takes the numbers of a typed array for a list of arguments', async () => {
    await using pool = new Pool({ backend: 'inline' });
    const tuples = [Float64Array.of(1, 2)] as unknown as readonly [number, number][];
    expect(await pool.starmap((a, b) => a + b, tuples)).toEqual([3]);
  });
});
