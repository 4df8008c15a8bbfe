import { describe, expect, it } from 'vitest';
import { hunters } from '../../src/hunters/registry.ts';
import { checkers } from '../../src/checkers/registry.ts';
import { load, refusal, TASK } from './support.ts';

describe('stop', () => {
  it.each([
    ['max-evaluations: 50', { name: 'max-evaluations', options: { evaluations: 50 } }],
    ['max-evaluations: { evaluations: 50 }', { name: 'max-evaluations', options: { evaluations: 50 } }],
    ['max-seconds: 60', { name: 'max-seconds', options: { seconds: 60, of: 'session' } }],
    ['target-value: 0', { name: 'target-value', options: { target: 0, tolerance: 0, of: 'fx' } }],
    [
      'all: [{ max-seconds: 1 }, { not: { target-value: -1 } }]',
      {
        all: [
          { name: 'max-seconds', options: { seconds: 1, of: 'session' } },
          { not: { name: 'target-value', options: { target: -1, tolerance: 0, of: 'fx' } } },
        ],
      },
    ],
  ])('may be { %s }', async (text, stop) => {
    expect((await load(`${TASK}stop: { ${text} }`)).stop).toStrictEqual(stop);
  });

  const cases: readonly [string, readonly string[]][] = [
    [
      '[{ max-evaluations: 5 }]',
      ['2:7 stop: expected one checker, got a list of 1; write any: or all: before the list'],
    ],
    [
      '{ max-evaluations: 5, max-seconds: 5 }',
      [
        '2:7 stop: expected one checker, got 2 (max-evaluations, max-seconds); write any: or all: with a list of them',
      ],
    ],
    ['{}', ['2:7 stop: expected the name of a checker, or { name: options }, got an empty map']],
    ['5', ['2:7 stop: expected the name of a checker, or { name: options }, got 5']],
    [
      '{ max-evals: 5 }',
      [
        `2:9 stop.max-evals: unknown checker max-evals; did you mean max-evaluations? (known: ${checkers.names().join(', ')})`,
      ],
    ],
    ['max-seconds', ['2:7 stop.max-seconds.seconds: expected a number > 0, got nothing']],
    ['{ max-seconds: }', ['2:22 stop.max-seconds.seconds: expected a number > 0, got nothing']],
    ['{ max-seconds: [1] }', ['2:22 stop.max-seconds: expected a number > 0, got a list of 1']],
    [
      '{ max-seconds: { of: overal } }',
      [
        '2:22 stop.max-seconds.seconds: expected a number > 0, got nothing',
        '2:28 stop.max-seconds.of: expected one of session, overall, got "overal"',
      ],
    ],
    ['{ max-seconds: .inf }', ['2:22 stop.max-seconds: expected a finite number > 0, got Infinity']],
    ['{ any: [] }', ['2:14 stop.any: expected a list of at least one checker, got an empty list']],
    ['{ all: { max-seconds: 5 } }', ['2:14 stop.all: expected a list of at least one checker, got a map']],
    ['{ any: }', ['2:14 stop.any: expected a list of at least one checker, got null']],
    [
      '{ not: [{ max-seconds: 5 }] }',
      ['2:14 stop.not: expected one checker, got a list of 1; write any: or all: before the list'],
    ],
    [
      '{ any: [{ all: [{ max-seconds: 0 }, { max-evaluations: 0 }] }, { not: { target-value: x } }] }',
      [
        '2:38 stop.any[0].all[0].max-seconds: expected a number > 0, got 0',
        '2:62 stop.any[0].all[1].max-evaluations: expected an integer >= 1, got 0',
        '2:93 stop.any[1].not.target-value: expected a number, got "x"',
      ],
    ],
  ];

  it.each(cases)('%s is refused', async (text, lines) => {
    expect(await refusal(`${TASK}stop: ${text}\n`)).toEqual(lines.map((line) => `c.yaml:${line}`));
  });
});

describe('hunters', () => {
  it.each(['none', '', 'null'])('may be nobody: "%s"', async (text) => {
    expect((await load(`${TASK}hunters: ${text}\n`)).hunters).toBeNull();
  });

  it('have a short form too', async () => {
    expect((await load(`${TASK}hunters: { best-unmoving: 200 }`)).hunters).toStrictEqual({
      name: 'best-unmoving',
      options: { calls: 200, tolerance: 0, of: 'fx' },
    });
    expect((await load(`${TASK}hunters: value-annealing`)).hunters).toStrictEqual({
      name: 'value-annealing',
      options: { survivalAtTwice: 0.5, of: 'fx' },
    });
  });

  it('without a required option have no short form', async () => {
    expect(await refusal(`${TASK}hunters: { value-annealing: 0.1 }`)).toEqual([
      'c.yaml:2:29 hunters.value-annealing: expected a map of options, got 0.1',
    ]);
  });

  it('are not checkers', async () => {
    expect(await refusal(`${TASK}hunters: { max-seconds: 1 }`)).toEqual([
      `c.yaml:2:12 hunters.max-seconds: unknown hunter max-seconds (known: ${hunters.names().join(', ')})`,
    ]);
  });
});
