import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fill, type Marks, parsePlaceholders } from '../../../src/tasks/text/placeholders.ts';

const NAMES = ['k', 'n 1', "it's", '$(rm)', 'a:b', 'new\nline'];
const values = {
  parameters: { k: 0.1, 'n 1': -0, "it's": 3, '$(rm)': 4, 'a:b': 5, 'new\nline': 6 },
  specials: {
    '@directory': '/work/1',
    '@config': '/home/me',
    '@optimizer': '1',
    '@candidate': '7',
    '@seed': '42',
  },
};

function filled(text: string, marks: Marks): string {
  const { parts, faults } = parsePlaceholders(text, marks, NAMES);
  expect(faults).toEqual([]);
  return fill(parts, values);
}

describe('places in an argument', () => {
  it.each([
    ['{k}', '0.1'],
    ['--k={k}', '--k=0.1'],
    ['{k}{k}', '0.10.1'],
    ['{ k }', '0.1'],
    ['{k:%.3f}', '0.100'],
    ['{k: %8.1e}', ' 1.0e-01'],
    ['{n 1}', '-0'],
    ["{it's}", '3'],
    ['{$(rm)}', '4'],
    ['{a:b}', '5'],
    ['{a:b:%d}', '5'],
    ['{new\nline}', '6'],
    ['{@directory}/out', '/work/1/out'],
    ['{@seed} {@candidate} {@optimizer} {@config}', '42 7 1 /home/me'],
    ['{{k}}', '{k}'],
    ['{{no}}', '{no}'],
    ['{}', '{}'],
    ['{print $1}', '{print $1}'],
    ['BEGIN { x = {k}; print x }', 'BEGIN { x = 0.1; print x }'],
    ['${HOME}', '${HOME}'],
    ['{1..3}', '{1..3}'],
    ['{"x": 1}', '{"x": 1}'],
  ])('%j', (text, expected) => {
    if (text === '${HOME}') {
      // A name in capitals could be meant as a parameter.
      expect(parsePlaceholders(text, 'arguments', NAMES).faults[0]?.message).toBe('unknown parameter HOME');
      return;
    }
    expect(filled(text, 'arguments')).toBe(expected);
  });
});

describe('places in a file', () => {
  it.each([
    ['k = {{k}}\n', 'k = 0.1\n'],
    ['{{ k:%6.2f }}', '  0.10'],
    ['{k} {print}', '{k} {print}'],
    ['{{{{k}}', '{{k}}'],
    ['{{"json": 1}}', '{{"json": 1}}'],
    ['{{@seed}}', '42'],
  ])('%j', (text, expected) => {
    expect(filled(text, 'files')).toBe(expected);
  });
});

describe('a place that cannot be filled', () => {
  it.each([
    ['{kk}', 'unknown parameter kk; did you mean k?', 0],
    ['x {@sed}', 'unknown parameter @sed; did you mean @seed?', 2],
    ['{k:%s}', "unknown number format %s, expected one of C's printf: %.6f, %12.5e, %g, %d", 0],
    ['{K:%f}', 'unknown parameter K:%f; did you mean k?', 0],
  ])('%s', (text, message, index) => {
    expect(parsePlaceholders(text, 'arguments', NAMES).faults).toEqual([{ message, index }]);
  });
});

it('takes parameters of any name, also such as every object has', () => {
  const parameters = Object.fromEntries([
    ['constructor', 1],
    ['toString', 2],
    ['__proto__', 3],
  ]);
  const { parts } = parsePlaceholders(
    '{constructor} {toString} {__proto__}',
    'arguments',
    Object.keys(parameters),
  );
  expect(fill(parts, { ...values, parameters })).toBe('1 2 3');
});

it('leaves texts without places as they are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom<Marks>('arguments', 'files'),
      (text, marks) => {
        fc.pre(!/[{}]/.test(text));
        expect(filled(text, marks)).toBe(text);
      },
    ),
  );
});
