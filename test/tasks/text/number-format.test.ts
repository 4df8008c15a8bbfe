import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, parseFormat } from '../../../src/tasks/text/number-format.ts';

/** What Python's `%`, which is C's `printf`, makes of the same. */
function reference(cases: readonly (readonly [string, number])[]): readonly string[] {
  const program = `import json, sys
print(json.dumps([f % float.fromhex(x) for f, x in json.load(sys.stdin)]))`;
  const input = JSON.stringify(cases.map(([format, value]) => [format, hex(value)]));
  return JSON.parse(execFileSync('python3', ['-S', '-c', program], { input, encoding: 'utf8' })) as string[];
}

/** Every bit of a double, as Python reads it. */
function hex(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  return `${bits >> 63n ? '-' : ''}0x${exponent === 0 ? 0 : 1}.${fraction}p${exponent === 0 ? -1022 : exponent - 1023}`;
}

/** Halfway between two results by their exact binary value C rounds to even, and JavaScript up: rare, and of no consequence to a simulator. */
const isTie = (value: number, digits: number): boolean => {
  const scaled = Math.abs(value) * 10 ** digits;
  return scaled < 2 ** 53 && scaled % 1 === 0.5;
};

describe('a number format', () => {
  it('writes what printf writes', () => {
    const format = fc
      .tuple(
        fc.subarray(['-', '+', ' ', '0']).map((flags) => flags.join('')),
        fc.option(fc.integer({ min: 1, max: 30 }), { nil: '' }),
        fc.option(
          fc.integer({ min: 0, max: 20 }).map((precision) => `.${precision}`),
          { nil: '' },
        ),
        fc.constantFrom('e', 'E', 'f', 'g', 'G'),
      )
      .map((parts) => `%${parts.join('')}`);
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e25, max: 1e25 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(0, -0, 1, 10, 0.1, 1e21, 123456.5, 1e-5, 5e-324),
    );
    const cases = fc
      .sample(fc.tuple(format, value), { numRuns: 3000, seed: 7 })
      .filter(
        ([, number]) => !Array.from({ length: 21 }, (_, digits) => digits).some((d) => isTie(number, d)),
      );
    const ours = cases.map(([text, number]) => formatNumber(number, parseFormat(text)));
    const theirs = reference(cases);
    for (const [i, [text, number]] of cases.entries())
      expect(`${text} of ${number}: ${ours[i]}`).toBe(`${text} of ${number}: ${theirs[i]}`);
  });

  it('rounds to integers', () => {
    expect(formatNumber(2.6, parseFormat('%d'))).toBe('3');
    expect(formatNumber(-2, parseFormat('%5d'))).toBe('   -2');
    expect(formatNumber(7, parseFormat('%03i'))).toBe('007');
    expect([-0, -0.3, -0.5, -2.5].map((value) => formatNumber(value, parseFormat('%d')))).toEqual([
      '0',
      '0',
      '-1',
      '-3',
    ]);
  });

  it('is otherwise the shortest text that reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(Number(formatNumber(value))).toBe(value);
      }),
    );
    expect(formatNumber(-0)).toBe('-0');
  });

  it.each(['', '%', '5.3f', '%s', '%.3', '%5.3ff', '%*d', '%n', '%lf', '%9999f'])('is not %j', (text) => {
    expect(parseFormat(text)).toBeUndefined();
  });
});
