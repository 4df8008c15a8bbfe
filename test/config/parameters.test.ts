import { describe, expect, it } from 'vitest';
import { load, refusal } from './support.ts';

const PREFIX = 'task: { module: task.ts }\nparameters:\n';

describe('parameters', () => {
  it('are real and linear unless they say otherwise, and may be fixed', async () => {
    const text = `${PREFIX}  - { name: a, min: -1, max: 1 }\n  - { name: "b c", min: 1, max: 9, type: integer, scale: log, initial: 3 }\n  - { name: d, value: -0.5 }`;
    expect((await load(text)).parameters).toStrictEqual([
      { name: 'a', kind: 'free', type: 'real', scale: 'linear', min: -1, max: 1 },
      { name: 'b c', kind: 'free', type: 'integer', scale: 'log', min: 1, max: 9, initial: 3 },
      { name: 'd', kind: 'fixed', value: -0.5 },
    ]);
  });

  const cases: readonly [string, readonly string[]][] = [
    ['{ name: a, min: 2, max: 1 }', ['3:29 parameters[0].max: expected a number > min (2), got 1']],
    [
      '{ name: a, min: 1, max: 1 }',
      [
        '3:29 parameters[0].max: expected a number > min (1), got 1; a fixed parameter has a value instead of bounds',
      ],
    ],
    ['{ name: a, min: -.inf, max: 1 }', ['3:21 parameters[0].min: expected a finite number, got -Infinity']],
    ['{ name: a, min: 0, max: .inf }', ['3:29 parameters[0].max: expected a finite number, got Infinity']],
    ['{ name: a, min: .nan, max: 1 }', ['3:21 parameters[0].min: expected a finite number, got NaN']],
    ['{ name: a, min: "0", max: 1 }', ['3:21 parameters[0].min: expected a number, got "0"']],
    ['{ name: a, max: 1 }', ['3:5 parameters[0].min: expected a number, got nothing']],
    ['{ name: a, min: 1 }', ['3:5 parameters[0].max: expected a number, got nothing']],
    ['{ name: a }', ['3:5 parameters[0]: expected min and max, or value, got neither']],
    ['{ min: 0, max: 1 }', ['3:5 parameters[0].name: expected a text that is not empty, got nothing']],
    ['{ name: "", min: 0, max: 1 }', ['3:13 parameters[0].name: expected a text that is not empty, got ""']],
    ['{ name: 5, min: 0, max: 1 }', ['3:13 parameters[0].name: expected a text that is not empty, got 5']],
    [
      '{ name: a, min: 0, max: 1, initial: 2 }',
      ['3:41 parameters[0].initial: expected a number in [0, 1], got 2'],
    ],
    [
      '{ name: a, min: 0, max: 1, initial: -2 }',
      ['3:41 parameters[0].initial: expected a number in [0, 1], got -2'],
    ],
    ['{ name: a, min: 0, max: 1, initial: x }', ['3:41 parameters[0].initial: expected a number, got "x"']],
    [
      '{ name: a, min: 0, max: 1, scale: log }',
      ['3:21 parameters[0].min: expected a number > 0, as scale is log, got 0'],
    ],
    [
      '{ name: a, min: 0, max: 1, scale: lg }',
      ['3:39 parameters[0].scale: expected one of linear, log, got "lg"'],
    ],
    [
      '{ name: a, min: 0, max: 1, type: int }',
      ['3:38 parameters[0].type: expected one of real, integer, got "int"'],
    ],
    [
      '{ name: a, min: 0, max: 1, step: 0.5 }',
      ['3:32 parameters[0].step: unknown option (known: name, min, max, type, scale, initial, value)'],
    ],
    [
      '{ name: a, min: 0.5, max: 2.5, initial: 1.5, type: integer }',
      [
        '3:21 parameters[0].min: expected an integer, as type is integer, got 0.5',
        '3:31 parameters[0].max: expected an integer, as type is integer, got 2.5',
        '3:45 parameters[0].initial: expected an integer, as type is integer, got 1.5',
      ],
    ],
    [
      '{ name: a, min: 0, max: 1e17, type: integer }',
      ['3:29 parameters[0].max: expected an integer, as type is integer, got 100000000000000000'],
    ],
    [
      '{ name: a, value: 1, min: 0, scale: log }',
      [
        '3:26 parameters[0].min: unexpected beside value: a fixed parameter has no bounds',
        '3:34 parameters[0].scale: unexpected beside value: a fixed parameter has no bounds',
      ],
    ],
    ['{ name: a, value: .nan }', ['3:23 parameters[0].value: expected a finite number, got NaN']],
    [
      '{ name: a, value: 1 }',
      ['3:3 parameters: expected at least one parameter with min and max, got only fixed ones'],
    ],
    ['a', ['3:5 parameters[0]: expected a map with name, min and max, or name and value, got "a"']],
  ];

  it.each(cases)('%s is refused', async (text, lines) => {
    expect(await refusal(`${PREFIX}  - ${text}\n`)).toEqual(lines.map((line) => `c.yaml:${line}`));
  });

  it('have names of their own', async () => {
    const text = `${PREFIX}  - { name: a, min: 0, max: 1 }\n  - { name: b, value: 1 }\n  - { name: a, value: 1 }\n`;
    expect(await refusal(text)).toEqual([
      'c.yaml:5:13 parameters[2].name: expected a name of its own, got "a", as parameters[0] has',
    ]);
  });

  it.each([
    ['parameters: []', '2:13 parameters: expected at least one parameter, got an empty list'],
    ['parameters: { a: 1 }', '2:13 parameters: expected a list of parameters, got a map'],
    ['parameters:', '2:12 parameters: expected a list of parameters, got null'],
    ['', '1:1 parameters: expected a list of parameters, got nothing'],
  ])('%s is refused', async (text, line) => {
    expect(await refusal(`task: { module: task.ts }\n${text}`)).toEqual([`c.yaml:${line}`]);
  });
});
