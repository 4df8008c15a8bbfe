/* oxlint-disable typescript/no-extraneous-class, unicorn/consistent-function-scoping -- what is sent to a worker is written where it is sent */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromModule, method, Pool, type PoolBackend } from '../../src/pool.ts';
import { Base, Model } from './models.ts';

const BACKENDS: readonly PoolBackend[] = ['inline', 'threads', 'processes'];
const url = new URL('./models.ts', import.meta.url);

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

class Shape {
  static readonly sides: number = 0;
  static made = 0;
  static {
    this.made = 1;
  }

  readonly name: string;
  readonly sizes: Map<string, number>;
  calls = 0;

  constructor(name: string, sizes: readonly (readonly [string, number])[]) {
    this.name = name;
    this.sizes = new Map(sizes);
    Shape.made++;
  }

  static of(x: number): string {
    return `${this.name} of ${this.made + x}`;
  }

  get width(): number {
    return this.sizes.get('width')!;
  }

  // It would change what is set: fields are defined, not set.
  set ratio(_: number) {
    throw new Error('a setter was called');
  }

  area(x: number): number {
    this.calls++;
    return this.width * x + this.calls;
  }

  async areaLater(x: number): Promise<number> {
    return await Promise.resolve(this.area(x));
  }

  *parts(): Generator<number> {
    yield* this.sizes.values();
  }

  total(): number {
    return [...this.parts()].reduce((a, b) => a + b, 0);
  }

  describe(): string {
    return `${this.name}, ${Shape.made} made`;
  }

  fail(x: number): never {
    throw new RangeError(`${this.name} ${x}`);
  }
}

class Square extends Shape {
  static override readonly sides = 4;

  constructor(width: number) {
    super('square', [['width', width]]);
  }

  override describe(): string {
    return `a ${super.describe()}, ${Square.sides} sides`;
  }
}

describe.each(BACKENDS)('a method, %s', (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, workers: 2 });
  });
  afterAll(async () => {
    await pool[Symbol.asyncDispose]();
  });

  it('is called with the fields of its object, by every way of calling', async () => {
    const area = method(new Square(3), 'area');
    expect(await pool.map(area, [1, 2])).toEqual([4, 7]);
    expect(await pool.starmap(area, [[1], [2]])).toEqual([4, 7]);
    expect(await pool.run(area, 5)).toBe(16);
    expect(await all(pool.imap(area, [1, 2]))).toEqual([4, 7]);
    const unordered = await all(pool.imapUnordered(area, [1, 2]));
    expect(unordered.toSorted(([a], [b]) => a - b)).toEqual([
      [0, 4],
      [1, 7],
    ]);
  });

  it('has a fresh copy of the object each time, and leaves the object alone', async () => {
    const square = new Square(1);
    expect(await pool.map(method(square, 'area'), Array<number>(20).fill(0))).toEqual(Array(20).fill(1));
    expect(square.calls).toBe(0);
    const nested = {
      seen: [] as number[],
      note(x: number): number {
        this.seen.push(x);
        return this.seen.length;
      },
    };
    expect(await pool.map(method(nested, 'note'), [1, 2, 3])).toEqual([1, 1, 1]);
    expect(nested.seen).toEqual([]);
    const typed = {
      sums: new Float64Array([1]),
      add(x: number): number {
        return (this.sums[0]! += x);
      },
    };
    expect(await pool.map(method(typed, 'add'), [1, 1, 1])).toEqual([2, 2, 2]);
  });

  it('has the fields as they are when the map is begun', async () => {
    const square = new Square(1);
    const area = method(square, 'area');
    square.sizes.set('width', 2);
    const pending = pool.map(area, [1]);
    square.sizes.set('width', 3);
    expect(await pending).toEqual([3]);
    expect(await pool.map(area, [1])).toEqual([4]);
    const made = pool.map(method(Shape, 'of'), [0]);
    const before = Shape.of(0);
    Shape.made++;
    expect(await made).toEqual([before]);
  });

  it('may be asynchronous, inherited, static, and use super, accessors, generators and the class itself', async () => {
    const square = new Square(3);
    expect(await pool.map(method(square, 'areaLater'), [1])).toEqual([4]);
    expect(await pool.run(method(square, 'total'))).toBe(3);
    expect(await pool.run(method(square, 'describe'))).toBe(square.describe());
    expect(await pool.map(method(Square, 'of'), [1])).toEqual([Square.of(1)]);
  });

  it('finds the fields of its class as they are, not as they were written', async () => {
    Shape.made += 1000;
    const square = new Square(1);
    expect(await pool.run(method(square, 'describe'))).toBe(square.describe());
    expect(await pool.map(method(Shape, 'of'), [0])).toEqual([Shape.of(0)]);
  });

  it('finds the fields of a class that is frozen, by itself or since', async () => {
    class Frozen {
      static readonly sizes = [1, 2];
      static {
        Object.freeze(this);
      }

      size(i: number): number | undefined {
        return Frozen.sizes[i];
      }
    }
    class Later {
      static limit = 1;

      below(x: number): boolean {
        return x < Later.limit;
      }
    }
    Later.limit = 5;
    Object.freeze(Later);
    expect(await pool.map(method(new Frozen(), 'size'), [0, 1, 2])).toEqual([1, 2, undefined]);
    expect(await pool.map(method(new Later(), 'below'), [4, 5])).toEqual([true, false]);
  });

  it('of a class has a fresh class each time', async () => {
    class Counter {
      static count = 0;

      static next(step: number): number {
        this.count += step;
        return this.count;
      }
    }
    expect(await pool.map(method(Counter, 'next'), [1, 2, 3])).toEqual([1, 2, 3]);
    expect(Counter.count).toBe(0);
  });

  it('may be of an object that was written with its methods in it', async () => {
    const power = {
      scale: 3,
      inner: { shift: [1] },
      square(x: number): number {
        return this.cube(x) / x;
      },
      cube(x: number): number {
        return this.scale * x ** 3 + this.inner.shift[0]! * x;
      },
      twice: (x: number): number => 2 * x,
      async later(x: number): Promise<number> {
        return await Promise.resolve(this.twice(x));
      },
      *parts(): Generator<number> {
        yield this.scale;
      },
      sum(): number {
        return [...this.parts()][0]! + super.toString().length;
      },
    };
    expect(await pool.map(method(power, 'square'), [1, 2])).toEqual([4, 13]);
    expect(await pool.map(method(power, 'twice'), [1, 2])).toEqual([2, 4]);
    expect(await pool.map(method(power, 'later'), [1, 2])).toEqual([2, 4]);
    expect(await pool.run(method(power, 'sum'))).toBe(3 + '[object Object]'.length);
  });

  it('is given by name what its text uses from around it', async () => {
    const scale = 3;
    const twice = (x: number): number => 2 * x;
    class Scaled {
      readonly shift = scale;

      at(x: number): number {
        return scale * twice(x) + this.shift;
      }
    }
    const literal = { at: (x: number): number => scale * x };
    const scaled = new Scaled();
    expect(await pool.map(method(scaled, 'at'), [1, 2], { with: { scale, twice } })).toEqual([9, 15]);
    expect(await pool.run(method(scaled, 'at', { with: { scale, twice } }), 1)).toBe(9);
    expect(await pool.map(method(literal, 'at'), [1], { with: { scale } })).toEqual([3]);
  });

  it('finds its bases by the names that their classes use, also where two have the same name', async () => {
    const first = ((): typeof Base => {
      class Same {
        readonly scale = 2;
        readonly double = 4;
        scaled(x: number): number {
          return 10 * x;
        }
      }
      return Same;
    })();
    const Parent = first;
    class Same extends Parent {
      override scaled(x: number): number {
        return super.scaled(x) + 1;
      }
    }
    expect(await pool.map(method(new Same(0), 'scaled'), [1])).toEqual([11]);
    class Derived extends Base {}
    expect(await pool.map(method(new Derived(5), 'scaled'), [1, 2], { with: { Base: 1 } })).toEqual([5, 10]);
  });

  it('may be of a class that workers import, and that uses what its module does', async () => {
    const shifted = method(new Model(2), 'shifted', { class: fromModule(url, 'Model') });
    expect(await pool.map(shifted, [1, 2])).toEqual([102, 104]);
    expect(await pool.map(method(Model, 'of', { class: fromModule(url, 'Model') }), [1])).toEqual([101]);
    await expect(
      pool.map(method(new Model(2), 'shifted', { class: fromModule(url, 'Base') }), [1]),
    ).rejects.toThrow(/the method "shifted" of Base is not there/);
    await expect(
      pool.map(method(new Model(2), 'shifted', { class: fromModule(url, 'Mode') }), [1]),
    ).rejects.toThrow(/did you mean Model\?/);
  });

  it('throws its error with the lines of its text', async () => {
    const error = (await pool
      .map(method(new Square(1), 'fail'), [7])
      .catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe('square 7');
    const [worker, caller] = error.stack!.split('called from');
    const line =
      String(Shape)
        .split('\n')
        .findIndex((one) => one.includes('throw new RangeError')) + 1;
    expect(worker).toMatch(new RegExp(`at Square\\.fail \\(glompo-pool:Shape:${line}:\\d+\\)\\n +--- in`));
    expect(caller).toContain('method.test.ts');
  });
});
