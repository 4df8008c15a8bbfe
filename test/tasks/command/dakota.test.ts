import fc from 'fast-check';
import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parametersText } from '../../../src/tasks/command/dakota/parameters.ts';
import { readResults } from '../../../src/tasks/command/dakota/results.ts';
import type { DakotaFiles } from '../../../src/tasks/command/dakota/spec.ts';
import { Bench, sh } from './support.ts';

const FILES: DakotaFiles = {
  format: 'standard',
  resultsFormat: 'standard',
  parametersFile: 'params.in',
  resultsFile: 'results.out',
  fileTag: false,
  responses: ['obj_fn'],
  isCalibration: false,
  constraints: [],
  gradients: true,
  metadata: [],
};

const request = { names: ['x1', 'x2'], x: [0.74883183133068, -200], evaluation: 7, wantsGradient: true };

describe('a parameters file', () => {
  it('has the standard format', () => {
    expect(parametersText({ ...FILES, metadata: ['seconds'] }, request))
      .toBe(`                                           2 variables
                      7.4883183133067999e-01 x1
                     -2.0000000000000000e+02 x2
                                           1 functions
                                           3 ASV_1:obj_fn
                                           2 derivative_variables
                                           1 DVV_1:x1
                                           2 DVV_2:x2
                                           0 analysis_components
                                           7 eval_id
                                           1 metadata
                                     seconds MD_1
`);
  });

  it('has the format of APREPRO', () => {
    expect(
      parametersText(
        { ...FILES, format: 'aprepro', metadata: ['seconds'] },
        { ...request, wantsGradient: false },
      ),
    ).toBe(`                    { DAKOTA_VARS     =                       2 }
                    { x1              =  7.4883183133067999e-01 }
                    { x2              = -2.0000000000000000e+02 }
                    { DAKOTA_FNS      =                       1 }
                    { ASV_1:obj_fn    =                       1 }
                    { DAKOTA_DER_VARS =                       2 }
                    { DVV_1:x1        =                       1 }
                    { DVV_2:x2        =                       2 }
                    { DAKOTA_AN_COMPS =                       0 }
                    { DAKOTA_EVAL_ID  =                       7 }
                    { DAKOTA_METADATA =                       1 }
                    { MD_1            =               "seconds" }
`);
  });

  it('is JSON', () => {
    expect(JSON.parse(parametersText({ ...FILES, format: 'json', constraints: ['c'] }, request))).toEqual({
      variables: [
        { label: 'x1', value: 0.74883183133068 },
        { label: 'x2', value: -200 },
      ],
      responses: [
        { label: 'obj_fn', active_set: 3 },
        { label: 'c', active_set: 3 },
      ],
      derivative_variables: [1, 2],
      analysis_components: [],
      eval_id: '7',
      metadata: [],
    });
  });

  it('holds every bit of a number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = parametersText(FILES, { ...request, names: ['a'], x: [value] });
        expect(Number(text.split('\n')[1]!.trim().split(' ')[0])).toBe(value);
      }),
    );
  });
});

function read(text: string, files: Partial<DakotaFiles> = {}, wantsGradient = false): unknown {
  return readResults(text, { ...FILES, ...files }, wantsGradient);
}

describe('a results file', () => {
  it.each([
    ['5.0000000000000000E+00 obj_fn\n', {}, false, { value: 5 }],
    ['5', {}, false, { value: 5 }],
    ['  5 f [ 1.5 -2e-3 ]\n[[ 1 2\n 3 4 ]]\n', {}, true, { value: 5, gradient: [1.5, -2e-3] }],
    [
      '5 f\n[1 2]\n[3 4]\n',
      { responses: ['f', 'g'], gradients: false },
      false,
      'has 1 values, expected 2: f, g',
    ],
    [
      '5 f 6 g\n[1 2]\n[3 4]\n',
      { responses: ['f', 'g'] },
      true,
      { value: 5, gradient: [1, 2], extras: { g: 6 } },
    ],
    ['1 a 2 b 3 c', { responses: ['a', 'b', 'c'], isCalibration: true }, false, { residuals: [1, 2, 3] }],
    [
      '1 f -1 g 2 h 3.5 seconds',
      { constraints: ['g', 'h'], metadata: ['seconds'] },
      false,
      { value: 1, violation: 2, extras: { g: -1, h: 2, seconds: 3.5 } },
    ],
    ['1D+03 f', {}, false, { value: 1000 }],
    ['FAIL\n', {}, false, 'the driver says FAIL in its results file'],
    ['  fail: mesh', {}, false, 'the driver says FAIL in its results file'],
    ['', {}, false, 'has 0 values, expected 1: obj_fn'],
    ['1 f 2 g', {}, false, 'has 2 values, expected 1: obj_fn'],
    ['1 f', {}, true, 'has no gradient, which was asked for'],
    ['1 f [1 x]', {}, true, 'has "x" in a gradient'],
  ])('%j with %o, gradient %s', (text, files, wantsGradient, expected) => {
    if (typeof expected === 'string') expect(() => read(text, files, wantsGradient)).toThrow(expected);
    else expect(read(text, files, wantsGradient)).toEqual(expected);
  });

  it.each([
    [
      '{"functions": {"obj_fn": 5}, "gradients": {"obj_fn": [1, 2]}}',
      {},
      true,
      { value: 5, gradient: [1, 2] },
    ],
    ['{"functions": {"obj_fn": NaN}}', {}, false, { value: NaN }],
    [
      '{"functions": {"g": 5, "f": 4}, "metadata": {"s": 1}}',
      { responses: ['f', 'g'] },
      false,
      { value: 4, extras: { g: 5, s: 1 } },
    ],
    ['{"fail": "true"}', {}, false, 'the driver says fail in its results file'],
    ['FAIL', {}, false, 'the driver says FAIL'],
    ['{"functions": {"f": 5}}', {}, false, 'has no obj_fn, but "f"'],
    ['{"functions": {"obj_fn": [5]}}', {}, false, 'has no number at functions.obj_fn'],
    ['{"functions": 5}', {}, false, 'has no number at functions'],
    ['5 obj_fn', {}, false, 'is no JSON'],
  ])('JSON: %s', (text, files, wantsGradient, expected) => {
    const json = { ...files, resultsFormat: 'json' } as const;
    if (typeof expected === 'string') expect(() => read(text, json, wantsGradient)).toThrow(expected);
    else expect(read(text, json, wantsGradient)).toEqual(expected);
  });
});

describe('a driver', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench[Symbol.asyncDispose]());

  const DRIVER = `#!/bin/sh
# $1 and $2: parameters and results, as Dakota's fork interface calls it
awk '/ a$/ { a = $1 } / b$/ { b = $1 } END { printf "%.17g f\\n", a * a + b * b }' "$1" > "$2.tmp"
mv "$2.tmp" "$2"
echo "$1 $2"
`;

  it.each([
    [{ dakota: true }, 'params.in results.out\n'],
    [{ dakota: { fileTag: true, parametersFile: 'p', resultsFile: 'r' } }, 'p.7 r.7\n'],
  ])('is called with the names of two files: %o', async (more, printed) => {
    bench.folder.write('driver', DRIVER);
    chmodSync(bench.folder.at('driver'), 0o755);
    await bench.load({ command: ['./driver'], ...more });
    expect(await bench.evaluate([3, 4])).toEqual({ status: 'ok', fx: 25 });
    expect(bench.printed.out).toBe(printed);
  });

  it('finds parameters in the order of the configuration, whatever they are called', async () => {
    await bench.load(
      {
        command: sh(
          'awk "\\$2 == 2 || \\$2 == 1 { print \\$1, \\$2 }" params.in > seen; cat seen; echo 1 > results.out',
        ),
        dakota: true,
      },
      ['2', '1'],
    );
    await bench.evaluate([3, 4]);
    expect(bench.printed.out).toBe('3.0000000000000000e+00 2\n4.0000000000000000e+00 1\n');
  });

  it('that writes no results has failed', async () => {
    await bench.load({ command: ['true'], dakota: 'aprepro' });
    expect((await bench.evaluate()).error).toContain('the driver wrote no results file');
  });
});
