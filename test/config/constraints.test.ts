import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { fitsSchema } from './fits-schema.ts';
import { load, refusal } from './support.ts';

const PREFIX = `task: { module: task.ts }
parameters:
  - { name: q1, min: -1, max: 1 }
  - { name: q 2, min: -1, max: 1 }
  - { name: c, value: 2.5 }
`;
const tied = (...values: readonly string[]): string =>
  PREFIX + values.map((value, i) => `  - { name: t${i}, ${value} }\n`).join('');
const constrained = (...constraints: readonly string[]): string =>
  `${PREFIX}constraints:\n${constraints.map((text) => `  - ${text}\n`).join('')}`;

/** As messages begin. */
const inFile = (lines: readonly string[]): readonly string[] => lines.map((line) => `c.yaml:${line}`);

describe('tied parameters', () => {
  it('have an expression, and bounds where they are given', async () => {
    const { parameters } = await load(
      tied('value: "=  -q1 - `q 2`\t"', 'value: = t0 * c, min: -9', 'value: "= 2*c", min: 0, max: 5'),
    );
    expect(parameters.slice(3)).toStrictEqual([
      { name: 't0', kind: 'tied', expression: '-q1 - `q 2`' },
      { name: 't1', kind: 'tied', expression: 't0 * c', min: -9 },
      { name: 't2', kind: 'tied', expression: '2*c', min: 0, max: 5 },
    ]);
  });

  it.each([
    [
      'value: "-q1"',
      ['6:24 parameters[3].value: expected a number, or an expression such as "= 2*a", got "-q1"'],
    ],
    [
      'value: "= q1 *"',
      ['6:24 parameters[3].value: expected a number, a name, - or (, got the end (at character 7)'],
    ],
    [
      'value: "= sqr(q1)"',
      ['6:24 parameters[3].value: there is no function sqr; did you mean sqrt? (at character 3)'],
    ],
    [
      'value: "= q_1 + q2 * zzz"',
      [
        '6:24 parameters[3].value: there is no parameter q_1 (at character 3); did you mean q1?',
        '6:24 parameters[3].value: there is no parameter q2 (at character 9); did you mean q 2?',
        '6:24 parameters[3].value: there is no parameter zzz (at character 14)',
      ],
    ],
    [
      'value: "= q1", type: real, scale: log, initial: 1, step: 2',
      [
        '6:32 parameters[3].type: unexpected: a tied parameter has no type',
        '6:44 parameters[3].scale: unexpected: a tied parameter has no scale',
        '6:56 parameters[3].initial: unexpected: a tied parameter has no initial',
        '6:68 parameters[3].step: unknown option (known: name, min, max, type, scale, initial, value)',
      ],
    ],
    ['value: "= q1", min: 1, max: 1', ['6:45 parameters[3].max: expected a number > min (1), got 1']],
    ['value: "= q1", min: a', ['6:37 parameters[3].min: expected a number, got "a"']],
    ['value: "= t0 + q1"', ['6:24 parameters[3].value: depends on itself: t0 -> t0']],
    [
      'value: "= 2*c", max: 4',
      ['6:24 parameters[3].value: never may be evaluated, as t0 <= 4 does not hold: it is 5 everywhere'],
    ],
    [
      'value: "= log(-c)"',
      [
        '6:24 parameters[3].value: never may be evaluated, as t0 is a finite number does not hold: it is NaN everywhere',
      ],
    ],
  ])('with %s are refused', async (value, lines) => {
    expect(await refusal(tied(value))).toEqual(inFile(lines));
  });

  it('are refused when they depend on each other, with all other mistakes', async () => {
    const cycle = ['value: "= t1 + 1"', 'value: "= q1*t2"', 'value: "= t0"', 'value: "= t1 + nix"'];
    expect(await refusal(tied(...cycle))).toEqual(
      inFile([
        '6:24 parameters[3].value: depends on itself: t0 -> t1 -> t2 -> t0',
        '9:24 parameters[6].value: there is no parameter nix (at character 8)',
      ]),
    );
  });

  it('need a free one', async () => {
    expect(
      await refusal(
        'task: { module: task.ts }\nparameters:\n  - { name: a, value: 1 }\n  - { name: b, value: = a }\n',
      ),
    ).toEqual(
      inFile([
        '3:3 parameters: expected at least one parameter with min and max, got only fixed and tied ones',
      ]),
    );
  });
});

describe('constraints', () => {
  it('are comparisons', async () => {
    const { constraints } = await load(constrained('q1 < c * `q 2`', '" q1 ^ 2 >= 0.1 "'));
    expect(constraints).toStrictEqual(['q1 < c * `q 2`', 'q1 ^ 2 >= 0.1']);
  });

  it('may name the parameters that a benchmark brings along', async () => {
    const task = 'task: { benchmark: sphere, dimension: 2 }\n';
    expect((await load(`${task}constraints: [x1 <= x2]`)).constraints).toEqual(['x1 <= x2']);
    expect((await load(`${task}constraints:`)).constraints).toEqual([]);
    expect((await load(task)).constraints).toEqual([]);
    expect(await refusal(`${task}constraints: [x1 <= x3]`)).toEqual(
      inFile(['2:15 constraints[0]: there is no parameter x3 (at character 7); did you mean x1?']),
    );
  });

  it.each([
    ['q1', ['7:5 constraints[0]: expected <, <=, > or >=, got the end (at character 3)']],
    [
      'q1 = c',
      [
        '7:5 constraints[0]: expected <, <=, > or >=, got =; an equality is a tied parameter, value: "= …" (at character 4)',
      ],
    ],
    [
      '-1 < q1 < 1',
      ['7:5 constraints[0]: expected one comparison, got another <; write two constraints (at character 9)'],
    ],
    ['q1 < (c', ['7:5 constraints[0]: expected an operator or ), got the end (at character 8)']],
    [
      'Q1 < q3',
      [
        '7:5 constraints[0]: there is no parameter Q1 (at character 1); did you mean q1?',
        '7:5 constraints[0]: there is no parameter q3 (at character 6); did you mean q1?',
      ],
    ],
    ['5', ['7:5 constraints[0]: expected a comparison such as "a < b", got 5']],
    ['1 < 2*pi', ['7:5 constraints[0]: expected a comparison of parameters, got one that names none']],
    ['c > 2', ['7:5 constraints[0]: always holds, as it depends on no free parameter']],
    ['c > 3', ['7:5 constraints[0]: never holds, as it depends on no free parameter']],
  ])('such as %s are refused', async (text, lines) => {
    expect(await refusal(constrained(text))).toEqual(inFile(lines));
  });

  it('are refused when they are no list', async () => {
    expect(await refusal(`${PREFIX}constraints: q1 < c`)).toEqual(
      inFile(['6:14 constraints: expected a list of comparisons such as "a < b", got "q1 < c"']),
    );
  });

  it('are read although the parameters have mistakes', async () => {
    const text = constrained('q1 < nix', 'q1 < b')
      .replace('max: 1 }', 'max: -1 }')
      .replace('name: c', 'name: b');
    expect(await refusal(text)).toEqual(
      inFile([
        '3:31 parameters[0].max: expected a number > min (-1), got -1; a fixed parameter has a value instead of bounds',
        '7:5 constraints[0]: there is no parameter nix (at character 6)',
      ]),
    );
  });
});

describe('the JSON Schema', () => {
  it('knows both', () => {
    expect(fitsSchema(parse(constrained('q1 < c')))).toBe(true);
    expect(fitsSchema(parse(tied('value: "= q1", min: 0', 'value: =2, max: 3')))).toBe(true);
    expect(fitsSchema(parse(constrained('5')))).toBe(false);
    expect(fitsSchema(parse(tied('value: "q1"')))).toBe(false);
    expect(fitsSchema(parse(tied('value: "= q1", initial: 3')))).toBe(false);
  });
});

describe('on the command line', () => {
  const TEXT = `task: { module: task.mjs }
parameters:
  - { name: a, min: 0, max: 1 }
  - { name: b, min: 0, max: 1, initial: 0.25 }
  - { name: t, value: "= -a - b", min: -1.5 }
  - { name: c, value: 2 }
constraints: [a < b]
`;

  function folderWithTask(): Folder {
    const folder = new Folder();
    folder.write('task.mjs', 'export default (x) => x[0] + 10 * x[1] + 100 * x[2] + 1000 * x[3];');
    folder.write('c.yaml', TEXT);
    return folder;
  }

  it('evaluate computes tied parameters, and says why it refuses a point', async () => {
    using folder = folderWithTask();
    const points = '[[0.5, 0.75], [1, 0.75], {"a": 0.1, "b": 0.2, "t": -0.3}, [0.5, 0.75, -1.25, 3]]';
    const { exitCode, stdout, stderr } = await runCli(
      ['evaluate', 'c.yaml', '--x', points, '--json'],
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('1 of 4 evaluations have no value');
    expect((JSON.parse(stdout) as { evaluations: object[] }).evaluations).toEqual([
      { fx: 1883, status: 'ok', durationMs: expect.any(Number), extras: null },
      {
        fx: null,
        status: 'refused',
        durationMs: 0,
        extras: null,
        violation: expect.any(Number),
        error: 't >= -1.5 does not hold, by 0.25; a < b does not hold, by 0.25',
      },
      { fx: expect.closeTo(1972.1, 9), status: 'ok', durationMs: expect.any(Number), extras: null },
      { fx: 2883, status: 'ok', durationMs: expect.any(Number), extras: null },
    ]);
  });

  it('evaluate refuses a value that does not follow from the others', async () => {
    using folder = folderWithTask();
    const { exitCode, stderr } = await runCli(
      ['evaluate', 'c.yaml', '--x', '{"a": 0.5, "b": 0.75, "t": -1}'],
      folder.path,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toBe('glompo: --x: t is tied to others, which make it -1.25, got -1; it may be left out');
  });

  it('validate tells how much of the box is left', async () => {
    using folder = folderWithTask();
    const { stdout, stderr } = await runCli(['validate', 'c.yaml'], folder.path);
    expect(stdout).toContain('  - { name: t, value: = -a - b, min: -1.5 }');
    expect(stdout).toContain('constraints:\n  - a < b\n');
    expect(stderr).toContain('c.yaml is valid: 2 free of 4 parameters, 1 tied');
    // Half of the square but for a triangle at its corner: 3/8 less 1/16.
    expect(stderr).toMatch(/the constraints hold at 4[34] % of 10000 random points/);
  });
});
