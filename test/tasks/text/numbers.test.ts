import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastNumberIn, numbersIn, parseNumber } from '../../../src/tasks/text/numbers.ts';

describe('numbers in a text', () => {
  it.each([
    ['1.5', [1.5]],
    ['loss = -2.5e-3 (3 steps)', [-2.5e-3, 3]],
    ['1.0D+03 2d0 .5 3. +4', [1000, 2, 0.5, 3, 4]],
    [' 0.123456-103 1.5+100 -.25-300', [0.123456e-103, 1.5e100, -0.25e-300]],
    ['2020-101 1.5-20 1.5-1000 1.5-100.5', [2020, 101, 1.5, 20, 1.5, 1000, 1.5, 100.5]],
    ['x1 v2.0.1 a-b 5abc 1.2.3', []],
    ['1,2;3|4', [1, 2, 3, 4]],
    ['[1.5,-2]', [1.5, -2]],
    ['3:00', [3, 0]],
    ['', []],
  ])('%j', (text, expected) => {
    expect(numbersIn(text)).toEqual(expected);
  });

  it('may be nan and inf, in any case, as words of their own', () => {
    expect(numbersIn('NaN -inf Infinity nano info')).toEqual([NaN, -Infinity, Infinity]);
  });

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        expect(
          numbersIn(values.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(' ')),
        ).toEqual(values);
      }),
    );
  });

  it('the last one is that of the last line that has any', () => {
    expect(lastNumberIn('1\n2 3\nwarning: none\n\n')).toBe(3);
    expect(lastNumberIn('no number')).toBeUndefined();
    expect(lastNumberIn('')).toBeUndefined();
    expect(lastNumberIn(`${'warning 7\n'.repeat(1e5)}8`)).toBe(8);
  });

  it.each(['3,75', 'loss: -3,75 kJ/mol', '2,5e-3', '1\n3,75\n'])(
    'the last one of %j may be after a decimal comma: it is unclear',
    (text) => {
      expect(lastNumberIn(text)).toEqual({ unclear: expect.stringMatching(/^-?\d+,\d/) as string });
    },
  );

  it.each(['1,3.75', '1.5,3', '1,2,3', '[1,2]', '1, 2', 'x1,2', '1;2', '3,75\n4'])(
    'the last one of %j is clear',
    (text) => {
      expect(lastNumberIn(text)).toBe(numbersIn(text).at(-1));
    },
  );

  it.each(['', 'x', '1.5.2', '0x10', '1e', '--1', '1 2'])('%j is none', (text) => {
    expect(parseNumber(text)).toBeUndefined();
  });
});
