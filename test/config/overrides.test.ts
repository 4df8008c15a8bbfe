import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generators } from '../../src/generators/registry.ts';
import { stringify } from 'yaml';
import { applySet, type Draft } from '../../src/config/overrides.ts';
import { formatPath } from '../../src/config/path.ts';
import { Places } from '../../src/config/places.ts';
import { Problems } from '../../src/config/problems.ts';
import { copyOf } from '../../src/config/raw.ts';
import { load, refusal, TASK } from './support.ts';

function draftOf(value: unknown): Draft {
  const places = new Places();
  const problems = new Problems(places);
  return { value: copyOf(value, [], problems), places, problems };
}

function set(value: unknown, ...texts: readonly string[]): unknown {
  const draft = draftOf(value);
  for (const text of texts) applySet(draft, text);
  draft.problems.throwIfAny();
  return draft.value;
}

describe('--set', () => {
  it.each([
    ['replaces a value', { a: 1 }, ['a=2'], { a: 2 }],
    [
      'takes any YAML value',
      {},
      ['a=[1, {b: x}]', 'c=1.0e-3', 'd="1"', 'e='],
      { a: [1, { b: 'x' }], c: 1e-3, d: '1', e: null },
    ],
    ['keeps equals signs of the value', {}, ['a=b=c'], { a: 'b=c' }],
    ['makes the maps on the way', {}, ['a.b.c=1'], { a: { b: { c: 1 } } }],
    ['makes a map where there is nothing yet', { a: null }, ['a.b=1'], { a: { b: 1 } }],
    ['goes through lists', { a: [{ b: 1 }, { b: 2 }] }, ['a[1].b=3'], { a: [{ b: 1 }, { b: 3 }] }],
    ['replaces an item of a list', { a: [1, 2] }, ['a[0]=x'], { a: ['x', 2] }],
    [
      'gives options to a component written as its name',
      { use: ['b', 'c'] },
      ['use[0].b.x=1'],
      { use: [{ b: { x: 1 } }, 'c'] },
    ],
    ['replaces all below', { a: { b: 1 } }, ['a={c: 2}'], { a: { c: 2 } }],
    ['lets the last one win', {}, ['a=1', 'a=2'], { a: 2 }],
    ['quotes odd keys', {}, ['["a.b"]["c d"]=1'], { 'a.b': { 'c d': 1 } }],
    ['makes the root', null, ['a=1'], { a: 1 }],
  ])('%s', (_, before, texts, after) => {
    expect(set(before, ...texts)).toEqual(after);
  });

  it('gives what stands at the path afterwards, and leaves the rest alone', () => {
    const key = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'x.y'), fc.string());
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (path, value) => {
        const draft = draftOf({ other: { untouched: true } });
        const first = `${path[0]}1`;
        applySet(
          draft,
          `${formatPath([first, ...path])}=${stringify(value, { collectionStyle: 'flow', lineWidth: 0 })}`,
        );
        draft.problems.throwIfAny();
        let at = draft.value;
        for (const step of [first, ...path]) at = (at as Record<string, unknown>)[step];
        expect(JSON.stringify(at)).toBe(JSON.stringify(value));
        expect(JSON.stringify((draft.value as { other: unknown }).other)).toBe('{"untouched":true}');
        expect(Object.keys(draft.value as object)).toHaveLength(first === 'other' ? 1 : 2);
      }),
    );
  });

  const SYNTAX = 'expected path=value, such as manager.seed=42 or optimizers.use[0].cma-es.sigma0=0.3';
  it.each([
    ['manager.seed', `--set manager.seed: ${SYNTAX}`],
    ['=3', `--set =3: ${SYNTAX}`],
    ['', `--set : ${SYNTAX}`],
    ['a..b=3', `--set a..b=3: ${SYNTAX}`],
    ['a[b]=3', `--set a[b]=3: ${SYNTAX}`],
    ['a b=3', `--set a b=3: ${SYNTAX}`],
    ['manager.seed=[', '--set manager.seed=[ manager.seed: not valid YAML: Flow sequence must end with a ]'],
    ['manager={seed: 1, seed: 2}', '--set manager={seed: 1, seed: 2} manager.seed: given twice'],
    ['optimizers[2].x=3', '--set optimizers[2].x=3 optimizers: expected an index, [0] to [1], got [2]'],
    ['optimizers.x=3', '--set optimizers.x=3 optimizers: expected an index, [0] to [1], got x'],
    ['optimizers[0][0]=3', '--set optimizers[0][0]=3 optimizers[0]: expected a list, got "random"'],
    ['optimizers[0].b.c=3', '--set optimizers[0].b.c=3 optimizers[0]: expected a map, got "random"'],
    [
      'hunters.any[0]=3',
      '--set hunters.any[0]=3 hunters.any: expected an index, but the list is empty, got [0]',
    ],
    ['[0]=3', '--set [0]=3: expected a list, got a map'],
  ])('%s is refused', async (text, line) => {
    const lines = await refusal(`${TASK}optimizers: [random, random]\nhunters: { any: [] }\n`, {
      sets: [text],
    });
    expect(lines.filter((each) => each.startsWith('--set'))).toEqual([line]);
  });

  it('is named by the mistakes that it makes', async () => {
    const sets = [
      'manager.seed=x',
      'manager.sed=1',
      'optimizers[0].random.workers=0',
      'stop.any[1]={ max-seconds: -1 }',
      'generator.x.y=1',
    ];
    expect(
      await refusal(
        `${TASK}manager: { seed: 1 }\noptimizers: [random]\nstop: { any: [{ max-evaluations: 0 }, max-seconds] }`,
        {
          sets,
        },
      ),
    ).toEqual([
      'c.yaml:4:34 stop.any[0].max-evaluations: expected an integer >= 1, got 0',
      '--set optimizers[0].random.workers=0 optimizers[0].random.workers: expected an integer >= 1, got 0',
      `--set generator.x.y=1 generator.x: unknown generator x (known: ${generators.names().join(', ')})`,
      '--set stop.any[1]={ max-seconds: -1 } stop.any[1].max-seconds: expected a number > 0, got -1',
      '--set manager.seed=x manager.seed: expected an integer in [0, 9007199254740991], got "x"',
      '--set manager.sed=1 manager.sed: unknown option; did you mean seed?',
    ]);
  });

  it('mends what the file has wrong, and what it lacks', async () => {
    const config = await load('manager: { seed: x }', {
      sets: ['manager.seed=5', 'task.benchmark=sphere', 'task.dimension=1'],
    });
    expect(config.manager.seed).toBe(5);
    expect(config.task).toEqual({ kind: 'benchmark', name: 'sphere', options: { dimension: 1 } });
  });
});
