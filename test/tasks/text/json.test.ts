import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atJsonPath, findJson, parseJsonPath, parseLenientJson } from '../../../src/tasks/text/json.ts';

describe('JSON as programs write it', () => {
  it('is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseLenientJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('may have NaN and Infinity, which become texts; those in texts stay', () => {
    expect(parseLenientJson('{"a": NaN, "b": [-Infinity, "NaN \\" Infinity"], "NaN": 1}')).toEqual({
      a: 'NaN',
      b: ['-Infinity', 'NaN " Infinity'],
      NaN: 1,
    });
    expect(() => parseLenientJson('{"a": nope}')).toThrow(SyntaxError);
  });

  it('is the whole output, or its last line that is JSON', () => {
    expect(findJson('{\n "a": 1\n}\n')).toEqual({ json: { a: 1 } });
    expect(findJson('starting\n{"a": 1}\n[2]\ndone {\n')).toEqual({ json: [2] });
    expect(findJson('nothing')).toHaveProperty('fault');
  });
});

describe('a path', () => {
  const json = { a: { b: [1, { c: 2 }] }, 'x.y': 3, __proto__x: 4 };
  it.each([
    ['a.b[0]', 1],
    ['a.b[1].c', 2],
    ['["x.y"]', 3],
    ['a["b"][0]', 1],
    ['a.b[7]', undefined],
    ['a.c', undefined],
    ['toString', undefined],
    ['a.b.length', 2],
  ])('%s', (path, expected) => {
    // The length of a list is a property of it, as of any.
    expect(atJsonPath(json, parseJsonPath(path)!)).toEqual(expected);
  });

  it.each(['', '.', 'a.', 'a..b', 'a[', 'a[x]', '[1'])('%j is none', (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });
});
