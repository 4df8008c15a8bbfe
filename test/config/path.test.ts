import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, readPath } from '../../src/config/path.ts';

describe('a path', () => {
  it.each([
    ['manager.seed', ['manager', 'seed']],
    ['optimizers.use[0].cma-es.sigma0', ['optimizers', 'use', 0, 'cma-es', 'sigma0']],
    ['hunters.any[1].all[0]', ['hunters', 'any', 1, 'all', 0]],
    ['parameters["a b"].x', ['parameters', 'a b', 'x']],
    ['', []],
  ])('is written %s', (text, path) => {
    expect(formatPath(path)).toBe(text);
    expect(readPath(text)).toEqual({ path, end: text.length });
  });

  it('comes back as it was written, whatever its keys', () => {
    const step = fc.oneof(
      fc.nat(99),
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', '0', 'a.b'),
    );
    fc.assert(
      fc.property(fc.array(step), fc.constantFrom('', '=', '=1', '=[0]', ' x'), (path, rest) => {
        const text = formatPath(path);
        expect(readPath(text + rest)).toEqual({ path, end: text.length });
      }),
    );
  });

  it.each([
    ['.manager', [], 0],
    ['manager..seed', ['manager'], 7],
    ['use[x]', ['use'], 3],
    ['use[-1]', ['use'], 3],
    ['use[0]x', ['use', 0], 6],
    ['use["a]', ['use'], 3],
    ['use["\\x"]', ['use'], 3],
    ['a b', ['a'], 1],
  ])('ends in %s where it is no path any more', (text, path, end) => {
    expect(readPath(text)).toEqual({ path, end });
  });
});
