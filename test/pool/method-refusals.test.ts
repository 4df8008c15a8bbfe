import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodedError } from '../../src/core/errors.ts';
import type { FunctionSpec, MethodFunction } from '../../src/pool/contract.ts';
import { specOf } from '../../src/pool/functions.ts';
import { fromModule, method } from '../../src/pool.ts';
import { Base, Hidden, Model } from './models.ts';
import * as models from './models.ts';

/** Of a method whose name the compiler does not know to be one. */
function loosely(target: object, name: unknown, options?: object): MethodFunction {
  return (method as (...args: readonly unknown[]) => MethodFunction)(target, name, options);
}

async function complaint(
  make: () => MethodFunction,
  values: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  try {
    await specOf(make(), values);
    return '';
  } catch (error) {
    return `${(error as CodedError).code}: ${(error as Error).message}`;
  }
}

/** An object of a text that no compiler has looked at. */
function made(text: string): object {
  return runInThisContext(text) as object;
}

const scale = 3;

describe('a method that cannot be sent is refused', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['scald', new Base(1), /there is no such method; did you mean scaled\?/],
    ['nowhere', new Base(1), /there is no such method$/],
    ['double', new Base(1), /is an accessor, not a method; write a method that returns this\.double/],
    ['scale', new Base(1), /is 1, not a method/],
    ['constructor', new Base(1), /is a class/],
    ['toString', new Base(1), /is native code/],
    ['get', new Map(), /is native code/],
    ['f', made('({ f: ((x) => x).bind(1) })'), /is bound/],
    ['f', made('({ *f() {} })'), /is a generator/],
    ['f', made('({ async *f() {} })'), /is a generator/],
    ['f', 5, /expected an object or a class, got 5/],
  ])('when its name is %s, of %o', async (name, target, message) => {
    expect(() => loosely(target as object, name)).toThrow(message);
    expect(() => loosely(target as object, name)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('when it is named by a symbol, and for options that do not exist', () => {
    expect(() => loosely([], Symbol.iterator)).toThrow(/name the method by a string/);
    expect(() => loosely(new Base(1), 'scaled', { clas: 1 })).toThrow(/unknown option clas/);
    expect(() => loosely(new Base(1), 'scaled', { class: Base })).toThrow(/class: expected fromModule/);
  });

  it.each([
    [
      'class A { #x = 1; f() { return this.#x; } }',
      /the class "A" has #x, which is private.*\n +1:11 \| class A/,
    ],
    ['class A { #g() {} f() { return this.#g(); } }', /has #g, which is private/],
    ['class A { static #n = 0; f() { return A.#n; } }', /has #n, which is private/],
    ['class B { #x = 1; } class A extends B { f() {} }', /the class "B" has #x/],
    ['class A extends Map { f() {} }', /the class "A" extends Map, which is built in/],
    ['class A extends Error { f() {} }', /the class "A" extends Error, which is built in/],
    ['function B() {} class A extends B { f() {} }', /extends B, which is a function, not a class/],
    ['const o = { B: class {} }; class A extends o.B { f() {} }', /extends o\.B, which is no plain name/],
    ['const m = (B) => class extends B {}; class A extends m(Object) { f() {} }', /built in|no plain name/],
    ['function A() {} A.prototype.f = function () {};', /the class "A" is a function, not a class/],
    ['class A {} A.prototype.f = function (x) { return x; };', /A\.prototype\.f is not what its text says/],
    ['class A { f() { return 1; } } A.prototype.f = function f() { return 2; };', /A\.prototype\.f is not/],
    ['class A { f() {} g() { return 1; } } A.prototype.f = A.prototype.g;', /A\.prototype\.f is not/],
    ['class A { f() {} } A.prototype.limit = 3;', /A\.prototype\.limit is not what its text says/],
    [
      'class A { f() {} get a() { return 1; } } Object.defineProperty(A.prototype, "a", { get() { return 2; } });',
      /A\.prototype\.a is not/,
    ],
    ['class A { f() {} static g() {} } A.g = () => 5;', /A\.g is not what its text says/],
    ['class A { f() {} } A.other = new (class B {})();', /A\.other is not what its text says/],
    ['class A { f() {} name() {} } A.prototype.name = function () {};', /A\.prototype\.name is not/],
    [
      'class A { f() {} } Object.setPrototypeOf(A.prototype, { g() {} });',
      /inherits from something else since: A\.prototype is not what its text says/,
    ],
    ['class A { ["f"]() {} }', /the method "f" has a computed name/],
    [
      'const A = class { f() { return A; } };',
      /uses A from outside.*\n.*\n.*\nor .*\nA: give the class the name: class A/,
    ],
    [
      'const k = 2; class A { x = k; f() {} }',
      /uses k from outside of it.*\n +1:\d+ .*\n.*\npass it by name: pool\.map\(method\(obj, "f"\), xs, \{ with: \{ k \} \}\)\nor let workers import all of it: export the class/,
    ],
    ['let n = 0; class A { static { n++; } f() {} }', /uses n from outside/],
    ['const key = "g"; class A { [key]() {} f() {} }', /uses key from outside/],
  ])('when its class is %s', async (text, message) => {
    const target = made(`(() => { ${text}; return new A(); })()`);
    expect(await complaint(() => loosely(target, 'f'))).toMatch(message);
    expect(await complaint(() => loosely(target, 'f'))).toMatch(/^function-unusable: /);
  });

  it.each<readonly [string, Readonly<Record<string | symbol, unknown>>, RegExp]>([
    [
      'a function',
      { handle: (x: number) => x },
      /the object "Holder" has a function in a field, this\.handle/,
    ],
    ['an instance', { model: { inner: new Base(1) } }, /this\.model\.inner is an instance of Base/],
    [
      'one in a map',
      { all: new Map([['a', [new Base(1)]]]) },
      /this\.all\.get\("a"\)\[0\] is an instance of Base/,
    ],
    ['one in a set', { all: new Set([new Base(1)]) }, /an element of this\.all is an instance of Base/],
    ['a function deep in', { options: { done: () => 1 } }, /this\.options\.done is the function done/],
    ['a promise', { later: Promise.resolve(1) }, /this\.later is an instance of Promise/],
    ['shared memory', { xs: new Int32Array(new SharedArrayBuffer(4)) }, /this\.xs is shared memory/],
    [
      'an array of a class',
      { xs: new (class List extends Array<number> {})() },
      /this\.xs is an instance of List/,
    ],
    ['a symbol', { kind: Symbol('a') }, /this\.kind is a symbol/],
    ['a name that is a symbol', { [Symbol('a')]: 1 }, /named by a symbol, Symbol\(a\)/],
  ])('when a field of its object is or holds %s', async (_, fields, message) => {
    class Holder {
      f(x: number): number {
        return x;
      }
    }
    expect(await complaint(() => loosely(Object.assign(new Holder(), fields), 'f'))).toMatch(message);
  });

  it('when a copy would lack a field, or have a value in place of an accessor', async () => {
    const hidden = Object.defineProperty(new Base(1), 'hidden', { value: 1 });
    expect(await complaint(() => method(hidden, 'scaled'))).toMatch(/not enumerable, this\.hidden/);
    const literal = {
      get now(): number {
        return 1;
      },
      f: (x: number) => x,
    };
    expect(await complaint(() => method(literal, 'f'))).toMatch(/an accessor of its own, this\.now/);
  });

  it('when its object has a prototype that is of no class', async () => {
    const parent = { f: (x: number) => x };
    const child = Object.create(parent) as typeof parent;
    expect(await complaint(() => method(child, 'f'))).toMatch(/a prototype that is of no class/);
  });

  it('when an object that was written with its methods uses what is around it', async () => {
    const literal = { f: (x: number) => x * scale, g: () => 1 };
    expect(await complaint(() => method(literal, 'g'))).toMatch(
      /the method "f" uses scale from.*pool\.map\(method\(obj, "g"\), xs, \{ with: \{ scale \} \}\)/su,
    );
    expect(await complaint(() => method(literal, 'g'), { scale })).toBe('');
    const arrow = made('({ f: () => this.x })');
    expect(await complaint(() => loosely(arrow, 'f'))).toMatch(/the method "f" uses this/);
  });

  it('when a class is passed by name', async () => {
    expect(await complaint(() => method(new Base(1), 'scaled'), { Hidden })).toMatch(
      /the class "Hidden" cannot be passed by name/,
    );
  });

  it('when its class is a module’s, for what is wrong there too', async () => {
    const url = new URL('./models.ts', import.meta.url);
    const hidden = method(new Hidden(), 'sum', { class: fromModule(url, 'Hidden') });
    expect(await complaint(() => hidden)).toMatch(/#secret, which is private/);
    const model = method(new Model(1), 'shifted', { class: fromModule(url, 'Model') });
    expect(await complaint(() => model, { scale })).toMatch(/takes no values by name/);
    const literal = method({ f: () => 1 }, 'f', { class: fromModule(url, 'Model') });
    expect(await complaint(() => literal)).toMatch(/this object is of none/);
    class Far extends models.Base {}
    expect(await complaint(() => method(new Far(1), 'scaled'))).toMatch(/which is no plain name.*fromModule/);
  });
});

describe('a method that can be sent', () => {
  it.each([
    'class A { static { this.f = (x) => x; } f() {} }',
    'class A { static f = () => 1; f() {} static other = new (class B {})(); }',
    'class A { static async f() {} async f() {} get g() { return 1; } set g(_) {} static *[Symbol.iterator]() {} }',
    'class A { "f"() {} 1() {} static "a b" = 1; static {} ; }',
    'class A { static frozen = [1]; f() {} static { Object.freeze(this); } }',
    'class A { f() { return new (class C { #x = 1; g() { return this.#x; } })().g(); } }',
    'class B { f() {} } const m = (X) => class extends X {}; const M = m(B); class A extends M {}',
    'const A = class { f() {} };',
    'class A { name = "a"; static name = "b"; f() {} }',
    'class A { static length = 5; f() { return A.length; } }',
  ])('may be of %s', async (text) => {
    const target = made(`(() => { ${text}; return new A(); })()`);
    expect(await complaint(() => loosely(target, 'f'))).toBe('');
  });

  it('has fields of every kind that a copy is the same of', async () => {
    const values = { a: new Date(0), b: /a/u, c: new Error('x'), d: new Uint8Array(2), e: Buffer.from('a') };
    const more = {
      f: new Map([[{ a: 1 }, new Set([1n])]]),
      g: [undefined, null, NaN],
      h: new ArrayBuffer(1),
    };
    const cyclic: Record<string, unknown> = { ...values, ...more };
    cyclic['self'] = cyclic;
    expect(await complaint(() => loosely(Object.assign(new Base(1), cyclic), 'scaled'))).toBe('');
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true }),
        async (value) => {
          expect(await complaint(() => method(Object.assign(new Base(1), { value }), 'scaled'))).toBe('');
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is another function when a field is', async () => {
    const specs: FunctionSpec[] = [];
    for (const x of [1, 1, 2]) specs.push(await specOf(method(new Base(x), 'scaled')));
    expect(specs[0]).toEqual(specs[1]);
    expect(specs[0]).not.toEqual(specs[2]);
  });
});
