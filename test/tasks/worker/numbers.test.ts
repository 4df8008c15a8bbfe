import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromBase64,
  listText,
  numberOf,
  numbersOf,
  numberText,
  parseJson,
  toBase64,
} from '../../../src/tasks/worker/numbers.ts';
import { Folder } from '../../support/folder.ts';

/** Every float64 by its bits, so also subnormals, -0, the infinities and NaN. */
const anyFloat = fc
  .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffffffff }))
  .map(([high, low]) => floatOf(high, low));
const EDGES = [
  0,
  -0,
  5e-324,
  -5e-324,
  2.2250738585072009e-308,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  0.1,
  1 / 3,
  1e21,
  1e-7,
  9007199254740992,
  123456789012345680000,
];
const finite = fc.oneof(fc.constantFrom(...EDGES), anyFloat.filter(Number.isFinite));

function floatOf(high: number, low: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, high);
  bits.setUint32(4, low);
  return bits.getFloat64(0);
}

const bitsOf = (values: Iterable<number>): string[] =>
  Array.from(values, (value) => {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, value);
    return bits.getBigUint64(0).toString(16).padStart(16, '0');
  });

/** As many as there are of `of`, drawn from a seed. */
const drawn = (of: fc.Arbitrary<number>, count: number): number[] => [
  ...EDGES,
  ...fc.sample(of, { numRuns: count, seed: 7 }),
];

describe('a number', () => {
  it('is written so that JSON reads back the same bits', () => {
    fc.assert(
      fc.property(fc.array(finite), (values) => {
        expect(bitsOf(JSON.parse(listText(Float64Array.from(values))) as number[])).toEqual(bitsOf(values));
      }),
    );
  });

  it('that JSON has no word for is a text', () => {
    const values = [NaN, Infinity, -Infinity];
    expect(values.map(numberText)).toEqual(['"NaN"', '"Infinity"', '"-Infinity"']);
    expect(values.map((value) => numberOf(JSON.parse(numberText(value))))).toEqual(values);
    expect(numbersOf(['NaN', 1, '-Infinity'])).toEqual([NaN, 1, -Infinity]);
    expect(numberOf('nan')).toBe('nan');
  });

  it('travels in base64 with all its bits', () => {
    fc.assert(
      fc.property(fc.array(anyFloat), (values) => {
        expect(bitsOf(fromBase64(toBase64(Float64Array.from(values)))!)).toEqual(bitsOf(values));
      }),
    );
  });

  it.each(['A', 'AAAA', '!!!!!!!!!!!=', 'AAAAAAAA_D8=', 'AAAAAAAA-D8=', 'AAAAAAAA8D8=\n', '=AAAAAAA8D8A'])(
    'is not read from %j, which is no float64 in base64',
    (text) => {
      expect(fromBase64(text)).toBeUndefined();
    },
  );
});

describe('JSON as other languages write it', () => {
  it.each([
    [
      '{"a":NaN,"b":[inf,-inf,-Infinity,nan,-nan]}',
      { a: NaN, b: [Infinity, -Infinity, -Infinity, NaN, NaN] },
    ],
    ['{"a":"NaN, \\"inf\\"","b":INF}', { a: 'NaN, "inf"', b: Infinity }],
  ])('is read: %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each(['', '{', 'information', '{"a":nano}', '"\\"\\"\\"\\"', '[NaN', '{"a":"unfinished NaN'])(
    'is refused when it is none: %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('is refused in time that grows with its length alone', () => {
    expect(() => parseJson(`{"a":nan,"${'\\"'.repeat(2_000_000)}`)).toThrow(/JSON|stack/);
  });
});

describe('numbers in other languages', () => {
  const values = drawn(finite, 20_000);

  it('Python reads and writes decimals and base64 with all their bits', () => {
    using folder = new Folder();
    const script = folder.write(
      'echo.py',
      `import base64, json, struct, sys
sys.path.insert(0, ${JSON.stringify(new URL('../../../python', import.meta.url).pathname)})
from glompo._floats import pack, unpack
for line in sys.stdin:
    values = json.loads(line)
    if isinstance(values, str):
        print(json.dumps(base64.b64encode(pack(unpack(base64.b64decode(values)))).decode()))
    else:
        values = [float(one) for one in values]
        print(json.dumps([struct.pack('>d', one).hex() for one in values]))
        print(json.dumps(values))
`,
    );
    const all = [...drawn(anyFloat, 20_000), NaN, Infinity, -Infinity];
    const input = `${listText(Float64Array.from(values))}\n"${toBase64(Float64Array.from(all))}"\n`;
    const [seen, decimals, packed] = execFileSync('python3', ['-S', '-E', script], {
      input,
      encoding: 'utf8',
      maxBuffer: 1e8,
    }).split('\n');
    expect(JSON.parse(seen!)).toEqual(bitsOf(values));
    expect(bitsOf(parseJson(decimals!) as number[])).toEqual(bitsOf(values));
    expect(bitsOf(fromBase64(JSON.parse(packed!) as string)!)).toEqual(bitsOf(all));
  });

  it('C reads them with strtod and writes them with %.17g, with all their bits', () => {
    using folder = new Folder();
    const source = folder.write(
      'echo.c',
      `#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  static char line[256];
  while (fgets(line, sizeof line, stdin)) {
    double value = strtod(line, NULL);
    uint64_t bits;
    memcpy(&bits, &value, 8);
    printf("%016llx %.17g\\n", (unsigned long long)bits, value);
  }
}
`,
    );
    execFileSync('gcc', ['-O1', '-o', folder.at('echo'), source]);
    const input = `${values.map(numberText).join('\n')}\n`;
    const lines = execFileSync(folder.at('echo'), { input, encoding: 'utf8', maxBuffer: 1e8 })
      .trim()
      .split('\n');
    expect(lines.map((line) => line.slice(0, 16))).toEqual(bitsOf(values));
    expect(bitsOf(lines.map((line) => parseJson(line.slice(17)) as number))).toEqual(bitsOf(values));
  });
});
