/* oxlint-disable unicorn/consistent-function-scoping -- what the compiler looks at is no function that runs */
import { describe, expectTypeOf, it } from 'vitest';
import { type CallContext, fromModule, Pool } from '../../src/pool.ts';

describe('the types of a pool', () => {
  it('are those of the function and of its inputs', () => {
    // Nothing of this is run: the compiler looks at it.
    const look = (pool: Pool): void => {
      expectTypeOf(pool.map((x) => x.toFixed(), [1, 2])).resolves.toEqualTypeOf<string[]>();
      expectTypeOf(
        pool.map(async (x: number) => await Promise.resolve(x), new Set([1])),
      ).resolves.toEqualTypeOf<number[]>();
      expectTypeOf(pool.map((x, y) => ({ x, y }), [1], 'ab')).resolves.toEqualTypeOf<
        { x: number; y: string }[]
      >();
      expectTypeOf(pool.map((x) => x, [1], { error: 'collect' })).resolves.toEqualTypeOf<
        PromiseSettledResult<number>[]
      >();
      expectTypeOf(pool.map((x) => x, [1], { chunkSize: 3, with: { a: 1 } })).resolves.toEqualTypeOf<
        number[]
      >();
      void pool.map(
        (x, y, context) => {
          expectTypeOf(context).toEqualTypeOf<CallContext>();
          return x + y.length;
        },
        [1],
        'a',
        { seeded: true },
      );
      expectTypeOf(pool.starmap((x, y) => x + y, [[1, 2]])).resolves.toEqualTypeOf<number[]>();
      expectTypeOf(pool.imap((x) => x > 1, [1])).toEqualTypeOf<AsyncGenerator<boolean, void, undefined>>();
      expectTypeOf(pool.imapUnordered((x) => x > 1, [1])).toEqualTypeOf<
        AsyncGenerator<[index: number, value: boolean], void, undefined>
      >();
      expectTypeOf(pool.run((x: number, y: string) => x + y, 1, 'a')).resolves.toEqualTypeOf<string>();
      const f = fromModule<(x: number) => Promise<Date>>('/a.ts');
      expectTypeOf(pool.map(f, [1])).resolves.toEqualTypeOf<Date[]>();
      // @ts-expect-error -- a number is expected
      void pool.map(f, ['a']);
      // @ts-expect-error -- one argument too few
      void pool.run((x: number, y: string) => x + y, 1);
      // @ts-expect-error -- there is no such option
      void pool.map(f, [1], { chunkLength: 1 });
    };
    expectTypeOf(look).toBeFunction();
  });
});
