import { describe, expect, it } from 'vitest';
import { selectors } from '../../src/selectors/registry.ts';
import { generators } from '../../src/generators/registry.ts';
import { toYaml } from '../../src/config/write.ts';
import { dir, load, refusal, TASK } from './support.ts';

describe('optimizers', () => {
  it('may be just the list', async () => {
    const { optimizers } = await load(
      `${TASK}optimizers: [random, { random: }, { random: { workers: 2 } }]\nmanager: { maxJobs: 2 }`,
    );
    const random = { name: 'random', options: {}, workers: 1, evaluate: 'inline' };
    expect(optimizers).toStrictEqual({
      selector: { name: 'cycle', options: {} },
      use: [random, random, { ...random, workers: 2 }],
      spawn: {},
    });
  });

  it('may be just a selector', async () => {
    const { optimizers } = await load(`${TASK}optimizers: { selector: cycle }`);
    expect(optimizers.use.map(({ name }) => name)).toEqual(['step', 'bfgs', 'cma-es']);
    expect(optimizers.selector.name).toBe('cycle');
  });

  it('begin with least squares where the task is known to return residuals', async () => {
    for (const task of [
      'task: { benchmark: nist, problem: Misra1a }',
      `task: { module: ${dir}/task.ts, residuals: {} }\nparameters: [{ name: a, min: 0, max: 1 }]`,
    ]) {
      const { optimizers } = await load(task);
      expect(optimizers.use.map(({ name, generator }) => [name, generator?.name])).toEqual([
        ['levenberg-marquardt', 'magnitudes'],
        ['levenberg-marquardt', 'perturbation'],
        ['levenberg-marquardt', 'incumbent'],
        ['cma-es', undefined],
      ]);
      expect(optimizers.selector).toEqual({ name: 'share', options: { weights: [4, 2, 1, 1] } });
    }
  });

  it('may have a priority', async () => {
    const text = `${TASK}optimizers: [{ bfgs: { priority: 2 } }, { random: { priority: -1 } }, cma-es]`;
    const config = await load(text);
    expect(config.optimizers.use.map(({ priority }) => priority)).toEqual([2, -1, undefined]);
    expect(config.optimizers.use[0]!.options).not.toHaveProperty('priority');
    expect((await load(toYaml(config))).optimizers).toEqual(config.optimizers);
    expect(await refusal(`${TASK}optimizers: [{ bfgs: { priority: high } }]`)).toContainEqual(
      expect.stringContaining('priority'),
    );
  });

  it('may have a generator of their own, and a limit of starts', async () => {
    const text = `${TASK}optimizers: [{ bfgs: { maxStarts: 3, generator: { basin-hopping: { scale: 0.2 } } } }, { bfgs: { generator: incumbent } }, cma-es]`;
    const config = await load(text);
    expect(
      config.optimizers.use.map(({ maxStarts, generator }) => [
        maxStarts,
        generator?.name,
        generator?.options['scale'],
      ]),
    ).toEqual([
      [3, 'basin-hopping', 0.2],
      [undefined, 'incumbent', undefined],
      [undefined, undefined, undefined],
    ]);
    expect((await load(toYaml(config))).optimizers).toEqual(config.optimizers);
    expect(await refusal(`${TASK}optimizers: [{ bfgs: { generator: incumbnt } }]`)).toContainEqual(
      expect.stringContaining(
        'optimizers[0].bfgs.generator: unknown generator incumbnt; did you mean incumbent?',
      ),
    );
  });

  const cases: readonly [string, readonly string[]][] = [
    [
      'cma-es',
      ['2:13 optimizers: expected a list of optimizers, or a map with selector and use, got "cma-es"'],
    ],
    ['[]', ['2:13 optimizers: expected a list of at least one optimizer, got an empty list']],
    ['{ use: [] }', ['2:20 optimizers.use: expected a list of at least one optimizer, got an empty list']],
    ['{ use: random }', ['2:20 optimizers.use: expected a list of at least one optimizer, got "random"']],
    ['{ uses: [random] }', ['2:15 optimizers.uses: unknown option; did you mean use?']],
    [
      '{ selector: cycel }',
      [
        `2:25 optimizers.selector: unknown selector cycel; did you mean cycle? (known: ${selectors.names().join(', ')})`,
      ],
    ],
    ['{ selector: { cycle: 5 } }', ['2:34 optimizers.selector.cycle: expected a map of options, got 5']],
    [
      '{ selector: { cycle: { x: 5 } } }',
      ['2:36 optimizers.selector.cycle.x: unknown option (there are none)'],
    ],
    ['[5]', ['2:14 optimizers[0]: expected the name of an optimizer, or { name: options }, got 5']],
    [
      '[[random]]',
      ['2:14 optimizers[0]: expected the name of an optimizer, or { name: options }, got a list of 1'],
    ],
    ['[{ random: {}, cma-es: {} }]', ['2:14 optimizers[0]: expected one optimizer, got 2 (random, cma-es)']],
    ['[{ cma-es: 0.5 }]', ['2:24 optimizers[0].cma-es: expected a map of options, got 0.5']],
    [
      '[{ cma-es: { populationSize: 1 } }]',
      ['2:42 optimizers[0].cma-es.populationSize: expected an integer >= 2, got 1'],
    ],
    ['[{ random: { workers: 0 } }]', ['2:35 optimizers[0].random.workers: expected an integer >= 1, got 0']],
    [
      '[{ random: { workers: 1.5 } }]',
      ['2:35 optimizers[0].random.workers: expected an integer >= 1, got 1.5'],
    ],
    [
      '[{ random: { workers: 3 } }]',
      ['2:35 optimizers[0].random.workers: expected at most maxJobs (2) without an engine, got 3'],
    ],
    [
      '[{ random: { evaluate: elsewhere } }]',
      [
        '2:36 optimizers[0].random.evaluate: expected one of inline, threads, processes, cluster, got "elsewhere"',
      ],
    ],
    [
      '[{ cma-es: { workers: 3, sigma0: 2, evaluate: inlin } }, { random: { workers: 4 } }]',
      [
        '2:35 optimizers[0].cma-es.workers: expected at most maxJobs (2) without an engine, got 3',
        '2:46 optimizers[0].cma-es.sigma0: expected a number in (0, 1], got 2',
        '2:59 optimizers[0].cma-es.evaluate: expected one of inline, threads, processes, cluster, got "inlin"',
        '2:91 optimizers[1].random.workers: expected at most maxJobs (2) without an engine, got 4',
      ],
    ],
  ];

  it.each(cases)('%s is refused', async (text, lines) => {
    expect(await refusal(`${TASK}optimizers: ${text}\nmanager: { maxJobs: 2 }\n`)).toEqual(
      lines.map((line) => `c.yaml:${line}`),
    );
  });

  it('are evaluated in threads only where the backend has them', async () => {
    const text = `${TASK}optimizers: [{ random: { evaluate: threads } }]\nmanager: `;
    for (const backend of ['threads', 'processes'])
      expect((await load(`${text}{ backend: ${backend} }`)).optimizers.use[0]?.evaluate).toBe('threads');
    const line =
      'c.yaml:2:36 optimizers[0].random.evaluate: expected inline, as manager.backend is inline, got threads; it works with backend: threads or processes or processes_forced';
    expect(await refusal(`${text}{ backend: inline }`)).toEqual([line]);
    expect(await refusal(`${text}{ backend: inline, seed: x }`)).toContain(line);
  });

  it('are evaluated on other machines wherever they are, but in the manager itself', async () => {
    const text = `${TASK}optimizers: [{ random: { evaluate: cluster } }]\nmanager: `;
    for (const backend of ['threads', 'processes', 'processes_forced'])
      expect((await load(`${text}{ backend: ${backend} }`)).optimizers.use[0]?.evaluate).toBe('cluster');
    expect(await refusal(`${text}{ backend: inline }`)).toEqual([
      'c.yaml:2:36 optimizers[0].random.evaluate: expected inline, as manager.backend is inline, got cluster; it works with backend: threads or processes or processes_forced',
    ]);
  });

  it('are evaluated in processes by threads and by forced processes, which may have children', async () => {
    const text = `${TASK}optimizers: [{ random: { evaluate: processes } }]\nmanager: `;
    for (const backend of ['threads', 'processes_forced'])
      expect((await load(`${text}{ backend: ${backend} }`)).optimizers.use[0]?.evaluate).toBe('processes');
    expect(await refusal(`${text}{ backend: processes }`)).toEqual([
      'c.yaml:2:36 optimizers[0].random.evaluate: expected inline or threads or cluster, as manager.backend is processes, got processes; it works with backend: threads or processes_forced',
    ]);
  });
});

describe('generator', () => {
  it.each([
    ['{ random: }', { name: 'random', options: {} }],
    ['random', { name: 'random', options: {} }],
  ])('may be %s', async (text, generator) => {
    expect((await load(`${TASK}generator: ${text}`)).generator).toStrictEqual(generator);
  });

  it.each([
    ['[random]', '2:12 generator: expected the name of a generator, or { name: options }, got a list of 1'],
    [
      'randm',
      `2:12 generator: unknown generator randm; did you mean random? (known: ${generators.names().join(', ')})`,
    ],
  ])('%s is refused', async (text, line) => {
    expect(await refusal(`${TASK}generator: ${text}`)).toEqual([`c.yaml:${line}`]);
  });
});
