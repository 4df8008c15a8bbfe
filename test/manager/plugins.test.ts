import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import { LogReader } from '../../src/log/reader.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** An optimizer that samples at random, with a method that may be replaced by one that throws. */
const sampler = (method: string): string => `{
  name: 'mine',
  create(options, { dimension, random }) {
    ${method === 'create' ? `throw new TypeError('broken create');` : ''}
    let id = 0;
    return {
      type: 'mine', dimension, batchSize: 1, stopReason: undefined,
      ask(limit) {
        ${method === 'ask' ? `if (id > 20) throw new TypeError('broken ask');` : ''}
        return Array.from({ length: limit }, () => ({ id: ++id, x: Float64Array.from({ length: dimension }, () => random.uniform()) }));
      },
      tell(answers) { ${method === 'tell' ? `if (id > 20) throw new TypeError('broken tell');` : ''} },
      snapshot() { throw new Error('not asked for'); },
      restore() {},
    };
  },
}`;

/** A run with a plug-in, and what uses it. */
async function start(
  folder: Folder,
  plugin: string,
  config: Readonly<Record<string, unknown>>,
  backend = 'inline',
): Promise<Error | undefined> {
  folder.write('mine.mjs', `export default ${plugin};`);
  const resolved = await resolveConfig(
    {
      plugins: ['mine.mjs'],
      task: { benchmark: 'rastrigin', dimension: 3 },
      optimizers: ['random'],
      hunters: 'none',
      stop: { 'max-evaluations': 500 },
      ...config,
      manager: { maxJobs: 2, backend, containment: 'none', huntFrequency: 50, seed: 1 },
    },
    { baseDir: folder.path },
  );
  await using manager = new GloMPOManager({ config: resolved, dir: folder.at('run') });
  try {
    await manager.start();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

const hunter = (examine: string): string =>
  `{ hunters: [{ name: 'mine', create: () => ({ name: 'mine', examine: (context) => { ${examine} } }) }] }`;
const generator = (generate: string): string =>
  `{ generators: [{ name: 'mine', create: () => ({ generate: (context) => { ${generate} } }) }] }`;

describe('a plug-in', () => {
  const faults: readonly [string, string, Record<string, unknown>, RegExp][] = [
    [
      'hunter that throws when it is made',
      `{ hunters: [{ name: 'mine', create() { throw new TypeError('broken create'); } }] }`,
      { hunters: 'mine' },
      /^hunter mine threw TypeError in create: broken create\n.*mine\.mjs:1/s,
    ],
    [
      'hunter that throws in examine',
      hunter(`throw new TypeError('broken examine');`),
      { hunters: { all: ['mine'] } },
      /^condition mine threw TypeError in examine: broken examine\n.*mine\.mjs:1/s,
    ],
    [
      'hunter that answers nothing',
      hunter(''),
      { hunters: 'mine' },
      /^condition mine threw TypeError in examine: it answered undefined, expected \{ holds: true or false, detail \}/,
    ],
    [
      'checker that throws',
      `{ checkers: [{ name: 'mine', create: () => ({ name: 'mine', examine() { throw new RangeError('broken'); } }) }] }`,
      { stop: { any: ['mine', { 'max-evaluations': 500 }] } },
      /^condition mine threw RangeError in examine: broken/,
    ],
    [
      'selector that chooses what is not there',
      `{ selectors: [{ name: 'mine', create: () => ({ select: () => 7 }) }] }`,
      { optimizers: { selector: 'mine', use: ['random'] } },
      /^selector mine chose optimizer type 7, expected 0 to 0$/,
    ],
    [
      'selector that throws',
      `{ selectors: [{ name: 'mine', create: () => ({ select: () => { throw 'words'; } }) }] }`,
      { optimizers: { selector: 'mine', use: ['random'] } },
      /^selector mine threw .* in select: .*words/,
    ],
    [
      'generator that throws',
      generator(`throw new Error('broken generate');`),
      { generator: 'mine' },
      /^generator mine threw Error in generate: broken generate\n.*mine\.mjs:1/s,
    ],
    [
      'generator that leaves the box',
      generator('return Float64Array.of(0, 0.5, 1.5);'),
      { generator: 'mine' },
      /^generator mine returned a point outside the unit box: 0, 0\.5, 1\.5$/,
    ],
    [
      'generator that returns NaN',
      generator('return Float64Array.of(0, NaN, 1);'),
      { generator: 'mine' },
      /^generator mine returned a point outside the unit box: 0, NaN, 1$/,
    ],
    [
      'generator that returns too few coordinates',
      generator('return Float64Array.of(0.5);'),
      { generator: 'mine' },
      /^generator mine returned a point with 1 coordinates, expected 3$/,
    ],
    [
      'generator that returns something else',
      generator('return [0, 0, 0];'),
      { generator: 'mine' },
      /^generator mine returned object, expected a Float64Array$/,
    ],
    ...['create', 'ask', 'tell'].map((method): [string, string, Record<string, unknown>, RegExp] => [
      `optimizer that throws in ${method}`,
      `{ optimizers: [${sampler(method)}] }`,
      { optimizers: ['mine'] },
      new RegExp(`^optimizer mine threw TypeError in ${method}: broken ${method}\\n.*mine\\.mjs:`, 's'),
    ]),
  ];

  it.each(faults)(
    '%s ends the run with its name and stack, and a whole log',
    async (_, plugin, config, said) => {
      using folder = new Folder();
      const error = await start(folder, plugin, config);
      expect(error?.message).toMatch(said);
      expect(error).toMatchObject({ code: 'component-failed' });
      if (!folder.has('run/run.sqlite')) return;
      using reader = new LogReader(folder.at('run'));
      const { state, evaluations, optimizers } = reader.summary();
      expect(state).toBe('failed');
      expect(optimizers.every(({ status }) => status !== 'running')).toBe(true);
      expect(query(folder.at('run'), 'SELECT call_id FROM evaluations')).toHaveLength(evaluations);
      const failures = query<{ message: string }>(
        folder.at('run'),
        `SELECT message FROM events WHERE type = 'run-failed'`,
      );
      if (failures.length > 0) expect(failures[0]!.message).toMatch(said);
    },
  );

  it('hunter that always says yes does not keep a run from its end', async () => {
    using folder = new Folder();
    const yes = hunter(`return { holds: true, detail: 'yes' };`);
    // Quick ones would all be made before the first hunt.
    const task = {
      module: folder.write(
        'slow.mjs',
        `import { setTimeout } from 'node:timers/promises';\nexport default async ([x]) => { await setTimeout(1); return x; };`,
      ),
    };
    const parameters = [{ name: 'x', min: 0, max: 1 }];
    expect(await start(folder, yes, { task, parameters, hunters: 'mine' })).toBeUndefined();
    using reader = new LogReader(folder.at('run'));
    const { evaluations, optimizers } = reader.summary();
    expect(evaluations).toBe(500);
    expect(optimizers.filter(({ status }) => status === 'killed').length).toBeGreaterThan(2);
  });

  it.each(['inline', 'threads', 'processes'])('optimizer works on %s', async (backend) => {
    using folder = new Folder();
    expect(
      await start(folder, `{ optimizers: [${sampler('none')}] }`, { optimizers: ['mine'] }, backend),
    ).toBeUndefined();
    const types = query(folder.at('run'), 'SELECT DISTINCT type FROM optimizers');
    expect(types).toEqual([{ type: 'mine' }]);
  });
});

it.each(['hunter', 'generator', 'selector', 'checker', 'optimizer'])(
  'a %s whose create makes nothing ends the run with its name',
  async (kind) => {
    using folder = new Folder();
    const config = {
      hunter: { hunters: 'mine' },
      generator: { generator: 'mine' },
      selector: { optimizers: { selector: 'mine', use: ['random'] } },
      checker: { stop: 'mine' },
      optimizer: { optimizers: ['mine'] },
    }[kind]!;
    const plugin = `{ ${kind}s: [{ name: 'mine', create() {} }] }`;
    // Some are made as the configuration is read.
    const error = await start(folder, plugin, config).catch((thrown: unknown) => thrown as Error);
    expect(error?.message).toMatch(
      new RegExp(`^${kind} mine threw TypeError in create: it made undefined, expected an object`),
    );
  },
);

describe('runs of one process', () => {
  it('have their own plug-ins each, whatever these call their components', async () => {
    using folder = new Folder();
    const read = async (name: string): Promise<RunConfig> => {
      const examine = `return { holds: false, detail: 'of ${name}' };`;
      folder.write(`${name}.mjs`, `export default ${hunter(examine)};`);
      const config = {
        plugins: [`${name}.mjs`],
        task: { benchmark: 'rastrigin', dimension: 3 },
        optimizers: ['random'],
        hunters: 'mine',
        stop: { 'max-evaluations': 500 },
        manager: { maxJobs: 2, backend: 'inline', huntFrequency: 50 },
      };
      return resolveConfig(config, { baseDir: folder.path });
    };
    const explanations = async (config: RunConfig, dir: string): Promise<ReadonlySet<string>> => {
      await using manager = new GloMPOManager({ config, dir: folder.at(dir) });
      const found = new Set<string>();
      manager.events$.subscribe((event) => {
        if (event.type === 'hunt') for (const { explanation } of event.data.spared) found.add(explanation);
      });
      await manager.start();
      return found;
    };
    const [one, two] = [await read('one'), await read('two')];
    expect(await Promise.all([explanations(one, 'run-1'), explanations(two, 'run-2')])).toEqual([
      new Set(['mine(of one) false']),
      new Set(['mine(of two) false']),
    ]);
  });
});
