/* oxlint-disable unicorn/consistent-function-scoping -- what the compiler looks at is no function that runs */
import { describe, expectTypeOf, it } from 'vitest';
import { type CallContext, fromModule, method, type MethodFunction, Pool } from '../../src/pool.ts';

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

  it('are those of a method, whose name has to be one', () => {
    class Model {
      readonly scale = 1;
      static of(x: string): Model | undefined {
        return x === '' ? undefined : new Model();
      }

      square(x: number): number {
        return this.scale * x ** 2;
      }

      async later(x: number, unit: string): Promise<Date> {
        return await Promise.resolve(new Date(`${x * this.scale} ${unit}`));
      }

      draw(this: Model, x: number, { seed }: CallContext): string {
        return `${this.scale} ${x} ${seed}`;
      }

      first<T>(xs: readonly T[]): T | undefined {
        return xs[this.scale];
      }

      protected hidden(x: number): number {
        return this.scale * x;
      }
    }
    const look = (pool: Pool, model: Model): void => {
      expectTypeOf(method(model, 'square')).toEqualTypeOf<MethodFunction<(x: number) => number>>();
      expectTypeOf(pool.map(method(model, 'square'), [1])).resolves.toEqualTypeOf<number[]>();
      expectTypeOf(pool.map(method(model, 'later'), [1], 'ab')).resolves.toEqualTypeOf<Date[]>();
      expectTypeOf(pool.starmap(method(model, 'later'), [[1, 'a']])).resolves.toEqualTypeOf<Date[]>();
      expectTypeOf(pool.map(method(model, 'draw'), [1], { seeded: true })).resolves.toEqualTypeOf<string[]>();
      expectTypeOf(pool.run(method(Model, 'of'), 'a')).resolves.toEqualTypeOf<Model | undefined>();
      expectTypeOf(pool.run(method(model, 'first'), [1])).resolves.toEqualTypeOf<unknown>();
      expectTypeOf(pool.imap(method({ f: (x: number) => x > 1 }, 'f'), [1])).toEqualTypeOf<
        AsyncGenerator<boolean, void, undefined>
      >();
      void method(model, 'square', { class: fromModule('/a.ts', 'Model'), with: { a: 1 } });
      // @ts-expect-error -- there is no such method
      method(model, 'squared');
      // @ts-expect-error -- a field is no method
      method(model, 'scale');
      // @ts-expect-error -- a protected method is the class's own
      method(model, 'hidden');
      // @ts-expect-error -- a number is expected
      void pool.map(method(model, 'square'), ['a']);
      // @ts-expect-error -- there is no such option
      method(model, 'square', { from: 'a' });
    };
    expectTypeOf(look).toBeFunction();
  });
});
