import { describe, expect, it } from 'vitest';
import { load, refusal, TASK } from './support.ts';

const ROOT = 'expected a map with task and parameters, got';

describe('a file that is no YAML, or not the right one', () => {
  it.each([
    ['an empty file', '', [`c.yaml:1:1: ${ROOT} nothing`]],
    ['comments alone', '# nothing here\n', [`c.yaml:1:1: ${ROOT} nothing`]],
    ['a list', '- task\n', [`c.yaml:1:1: ${ROOT} a list of 1`]],
    ['a text', '\n  just text\n', [`c.yaml:2:3: ${ROOT} "just text"`]],
    ['tabs', 'manager:\n\tseed: 1\n', ['c.yaml:2:1: not valid YAML: Tabs are not allowed as indentation']],
    [
      'several mistakes',
      'a: [1, 2\nb: "x\nc: }\n',
      [
        'c.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
        'c.yaml:4:1: not valid YAML: Missing closing "quote',
      ],
    ],
    [
      'two documents',
      `${TASK}---\n${TASK}`,
      ['c.yaml:2:1: expected one YAML document, got another one here'],
    ],
    [
      'an unknown tag',
      `${TASK}stop: !!python/name x\n`,
      ['c.yaml:2:7: not valid YAML: Unresolved tag: tag:yaml.org,2002:python/name'],
    ],
    [
      'an alias of nothing',
      `${TASK}stop: *a\n`,
      ['c.yaml:2:7 stop: cannot follow the alias *a: there is no such anchor before it'],
    ],
    [
      'a key that is a list',
      `${TASK}[a]: 1\n`,
      ['c.yaml:2:1: not valid YAML: With stringKeys, all keys must be strings'],
    ],
  ])('%s', async (_, text, lines) => {
    expect(await refusal(text)).toEqual(lines);
  });

  it('has keys that are given twice, anywhere', async () => {
    expect(await refusal(`${TASK}manager:\n  seed: 1\n  maxJobs: 0\n  seed: 2\n${TASK}`)).toEqual([
      'c.yaml:4:12 manager.maxJobs: expected an integer >= 1, got 0',
      'c.yaml:5:3 manager.seed: given twice',
      'c.yaml:6:1 task: given twice',
    ]);
  });

  it('has keys that mean something to JavaScript', async () => {
    expect(await refusal(`${TASK}__proto__: { x: 1 }\nmanager: { constructor: 1, __proto__: 2 }\n`)).toEqual([
      'c.yaml:2:1 __proto__: unknown option (known: plugins, task, parameters, constraints, optimizers, generator, hunters, stop, manager, checkpoints, cache, warmStart)',
      expect.stringMatching(/^c\.yaml:3:12 manager\.constructor: unknown option \(known: maxJobs, /),
      expect.stringMatching(/^c\.yaml:3:28 manager\.__proto__: unknown option \(known: maxJobs, /),
    ]);
  });

  it('has an alias that contains itself', async () => {
    expect(await refusal(`${TASK}stop: &a\n  not: *a\n`)).toEqual([
      'c.yaml:3:8 stop.not: cannot follow the alias *a: it contains itself',
    ]);
  });

  it('has aliases without end', async () => {
    const bomb = ['a: &a0 [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]'];
    for (let i = 1; i < 10; i++)
      bomb.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    expect(await refusal(`${TASK}${bomb.join('\n')}`)).toEqual([
      expect.stringMatching(/cannot follow the alias \*a\d: there are more than 100000 values by now$/),
    ]);
  });
});

describe('positions', () => {
  it('are those of the value, also in blocks, after comments and with CRLF', async () => {
    const text = `${TASK}# a comment\nmanager:\n  # another\n  huntFrequency:\n    0\n`;
    const lines = ['c.yaml:6:5 manager.huntFrequency: expected an integer >= 1, got 0'];
    expect(await refusal(text)).toEqual(lines);
    expect(await refusal(text.replaceAll('\n', '\r\n'))).toEqual(lines);
  });

  it('of what an alias repeats are those of the original', async () => {
    const text = `${TASK}optimizers:\n  - random: &o { worker: 2 }\n  - random: *o\n`;
    expect(await refusal(text)).toEqual([
      'c.yaml:3:18 optimizers[0].random.worker: unknown option; did you mean workers?',
      'c.yaml:3:18 optimizers[1].random.worker: unknown option; did you mean workers?',
    ]);
  });

  it('of what is missing are those of what it is missing from', async () => {
    expect(await refusal('# no task\nmanager:\n  maxJobs: 1\n')).toEqual([
      'c.yaml:2:1 task: expected a map with one of module, benchmark, command, python, got nothing',
      'c.yaml:2:1 parameters: expected a list of parameters, got nothing',
    ]);
  });
});

it('an alias may repeat a part', async () => {
  const { optimizers } = await load(
    `${TASK}optimizers:\n  - random: &o { workers: 2 }\n  - random: *o\nmanager: { maxJobs: 2 }`,
  );
  expect(optimizers.use.map(({ workers }) => workers)).toEqual([2, 2]);
});
