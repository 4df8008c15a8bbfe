import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { AnyFunction } from '../../src/pool/contract.ts';
import { selfContained } from '../../src/pool/self-contained.ts';

/** A function of its text alone; a method as the property of an object. */
function made(text: string): AnyFunction {
  const value: unknown = runInThisContext(`(${text}\n)`);
  if (typeof value === 'function') return value as AnyFunction;
  const methods = value as Readonly<Record<string | symbol, AnyFunction>>;
  return methods[Reflect.ownKeys(methods)[0]!]!;
}

const complaint = (text: string, given: readonly string[] = []): string => {
  try {
    selfContained(made(text), given);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a function that is sent as its text', () => {
  it.each([
    '(x) => x * 2',
    '(x) => typeof missing === "undefined" ? x : 0',
    'x => x',
    'async (x) => await x',
    'function (x) { return x; }',
    'function f(n) { return n < 2 ? 1 : n * f(n - 1); }',
    'async function (x) { return x; }',
    '{ double(x) { return 2 * x; } }',
    '{ async double(x) { return 2 * x; } }',
    '{ ["a" + 1](x) { return x; } }',
    '{ [Symbol.iterator](x) { return x; } }',
    '{ async(x) { return x; } }',
    '{ get(x) { return x; } }',
    '({ a, b: { c = 1 }, ...rest }) => a + c + rest.length',
    '([a, , b = a, ...rest]) => a + b + rest.length',
    '(a, b = a) => a + b',
    '(...args) => args.length',
    'function () { return arguments.length; }',
    'function () { return (() => arguments[0])(); }',
    '(x) => { var y = x; { let z = y; return z; } }',
    '(x) => { if (x) { var y = 1; } return y; }',
    '(x) => { for (var i = 0; i < x; i++); return i; }',
    '(x) => { for (let i = 0; i < 2; i++) x += i; return x; }',
    '(xs) => { let s = 0; for (const x of xs) s += x; return s; }',
    '(o) => { const keys = []; for (const k in o) keys.push(k); return keys; }',
    '(x) => { outer: for (;;) { for (;;) { if (x) break outer; continue outer; } } }',
    '(x) => { try { return x.y; } catch (error) { return error.message; } }',
    '(x) => { try { return x.y; } catch { return 1; } }',
    '(x) => { try { return 1; } catch ({ message, cause: { code } }) { return message + code; } }',
    '(x) => { switch (x) { case 1: { break; } default: let y = 2; return y; } }',
    '(x) => { return helper(x); function helper(y) { return y + later; } var later; }',
    '(x) => { class A { #p = 1; static s = 2; m() { return this.#p + A.s; } } return new A().m() + x; }',
    '(x) => { class A { constructor() { this.x = 1; } } class B extends A { constructor() { super(); } y() { return super.toString(); } } return new B(); }',
    '(x) => { class A { static { this.z = 1; var v = 2; A.w = v; } } return A.w; }',
    '(x) => { const o = { x, y: 1, z() { return this.y; }, get w() { return this.y; } }; return o.z(); }',
    '(x) => [x].map(function (y) { return this === undefined ? y : 0; })',
    '(x) => (function again(n) { return n ? again(n - 1) : x; })(3)',
    '(x) => `${x} and ${Math.max(x, 1)}`',
    '(x) => /a(?<name>b)/u.exec(x)?.groups?.name ?? x?.[0]',
    '(x) => new Map([[x, structuredClone(x)]]).size + Buffer.byteLength("a")',
    'async (x) => { const { readFile } = await import("node:fs/promises"); return typeof readFile; }',
    '(x) => { let a, b; [a, b] = [1, 2]; ({ a, b } = { a, b }); a++; return a + b + x; }',
    '(x) => undefined ?? NaN ?? Infinity ?? globalThis ?? process ?? console',
    'function () { return new.target; }',
    '(x) => x // ends with a comment',
  ])('may be %s', (text) => {
    expect(complaint(text)).toBe('');
  });

  it.each([
    ['(x) => x * scale', 'scale'],
    ['(x) => { let y = offset; return x + y; }', 'offset'],
    ['(x) => ({ scale })', 'scale'],
    ['(x) => ({ a: scale })', 'scale'],
    ['(x) => ({ [key]: x })', 'key'],
    ['(x) => x[key]', 'key'],
    ['(x, y = scale) => x', 'scale'],
    ['({ [key]: x }) => x', 'key'],
    ['(x, f = () => inside) => { var inside; return f; }', 'inside'],
    ['(x) => helper(x)', 'helper'],
    ['(x) => valueOf(x)', 'valueOf'],
    ['(x) => { { let y = 1; } return y; }', 'y'],
    ['(x) => { for (let i = 0; i < 2; i++); return i; }', 'i'],
    ['(x) => { try { x(); } catch (error) {} return error; }', 'error'],
    ['(x) => { { function inner() {} } return inner; }', 'inner'],
    ['(x) => { (function named() {}); return named; }', 'named'],
    ['(x) => { const a = class B {}; return B; }', 'B'],
    ['(x) => class extends Base {}', 'Base'],
    ['(x) => class { a = value; }', 'value'],
    ['(x) => class { [key]() {} }', 'key'],
    ['(x) => x instanceof Thing', 'Thing'],
    ['(x) => `${a}`', 'a'],
    ['(x) => tag`a`', 'tag'],
    ['(x) => typeof missing.part', 'missing'],
    ['(x) => [x].map((y) => y + near)', 'near'],
    ['(x) => { count++; return x; }', 'count'],
    ['(x) => { [first] = x; }', 'first'],
    ['(x) => { for (item of x); }', 'item'],
    ['(x) => b + a + b + c', 'b, a, c'],
    ['() => arguments.length', 'arguments'],
    ['(x) => require("fs")', 'require'],
    ['{ [1](x) { return x + far; } }', 'far'],
  ])('is refused for what it uses from around it: %s', (text, names) => {
    expect(complaint(text)).toMatch(new RegExp(`uses ${names} from outside`));
  });

  it('is told where it uses each, and what to write', () => {
    const text = 'function score(x) {\n  const y = x * scale;\n  return y + offsett;\n}';
    expect(complaint(text, ['offset']).split('\n')).toEqual([
      'the function "score" uses scale, offsett from outside of it, which a worker does not have',
      '  2:17 | const y = x * scale;',
      '                       ^',
      '  3:14 | return y + offsett;',
      '                    ^',
      'pass them by name: pool.map(f, xs, { with: { offset, scale, offsett } })',
      'with has offset; is offsett meant?',
    ]);
  });

  it('may use what it is given by name', () => {
    expect(complaint('(x) => x * scale + helper(x)', ['scale', 'helper'])).toBe('');
  });

  it('does not assign to what it is given: nobody would see it', () => {
    expect(complaint('(x) => { count += x; }', ['count'])).toContain('assigns to count');
  });

  it.each([
    ['(x) => this.a', 'uses this'],
    ['function (x) { return this; }', 'uses this'],
    ['function (x) { return () => this; }', 'uses this'],
    ['{ f(x) { return this.x; } }', 'uses this'],
    ['{ f(x) { return super.x; } }', 'uses super'],
    ['class { m() {} }', 'is a class'],
    ['function* (x) { yield x; }', 'is a generator'],
    ['{ *f(x) { yield x; } }', 'is a generator'],
    ['Math.sqrt', 'is native code'],
    ['((x) => x).bind(null)', 'is bound'],
    ['new Proxy((x) => x, {})', 'is native code'],
    [
      'Object.getOwnPropertyDescriptor({ get a() { return 1; } }, "a").get',
      'is not a function that can be sent',
    ],
    [
      'Object.getOwnPropertyDescriptor(class { #p = 1; static m(o) { return o.#p; } }, "m").value',
      'does not parse',
    ],
  ])('is refused with the reason: %s', (text, reason) => {
    expect(complaint(text)).toContain(reason);
  });

  it('is refused when it uses import.meta', async () => {
    const module = 'data:text/javascript,export default () => import.meta.url';
    const { default: f } = (await import(/* @vite-ignore */ module)) as { default: AnyFunction };
    expect(() => selfContained(f, [])).toThrow('uses import.meta');
  });
});
