import { describe, expect, it } from 'vitest';
import { checkers } from '../../src/checkers/registry.ts';
import { all, any, type ConfigInput, not, resolveInput, type RunInput } from '../../src/config/input.ts';
import type {
  KnownCheckers,
  KnownGenerators,
  KnownHunters,
  KnownOptimizers,
  KnownSelectors,
} from '../../src/config/known.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { generators } from '../../src/generators/registry.ts';
import { hunters } from '../../src/hunters/registry.ts';
import { namedOptimizers } from '../../src/optimizers/registry.ts';
import { selectors } from '../../src/selectors/registry.ts';
import { Folder } from '../support/folder.ts';

const task = { benchmark: 'sphere', dimension: 2 };

async function refusal(input: unknown): Promise<readonly string[]> {
  const error: unknown = await resolveInput(input as RunInput).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message.split('\n');
}

describe('a configuration that a program writes', () => {
  it('is what it would be in YAML', async () => {
    const input: ConfigInput = {
      task,
      optimizers: { selector: 'bandit', use: [{ 'cma-es': { workers: 2, sigma0: 0.1 } }, 'nelder-mead'] },
      generator: { 'single-point': { point: { x1: 1 } } },
      hunters: any(
        all({ 'evaluations-unmoving': { calls: 100, tolerance: 0.01 } }, 'value-annealing'),
        not({ 'min-evaluations': 100 }),
      ),
      stop: any({ 'max-evaluations': 1000 }, { 'target-value': { target: 0 } }),
      manager: { maxJobs: 2, onFailure: { recover: 1e6 }, seed: 1 },
    };
    const plain = {
      task,
      optimizers: { selector: 'bandit', use: [{ 'cma-es': { workers: 2, sigma0: 0.1 } }, 'nelder-mead'] },
      generator: { 'single-point': { point: { x1: 1 } } },
      hunters: {
        any: [
          { all: [{ 'evaluations-unmoving': { calls: 100, tolerance: 0.01 } }, 'value-annealing'] },
          { not: { 'min-evaluations': 100 } },
        ],
      },
      stop: { any: [{ 'max-evaluations': 1000 }, { 'target-value': 0 }] },
      manager: { maxJobs: 2, onFailure: { recover: 1e6 }, seed: 1 },
    };
    expect(await resolveInput(input)).toEqual(await resolveConfig(plain, { baseDir: '.' }));
  });

  it('has types that know the components and their options', () => {
    // @ts-expect-error -- no such option
    const misspelt: ConfigInput = { task, hunters: { 'best-unmoving': { calls: 1, tolerence: 1 } } };
    // @ts-expect-error -- calls is required
    const incomplete: ConfigInput = { task, hunters: all({ 'best-unmoving': { tolerance: 1 } }) };
    // @ts-expect-error -- a list
    const unlisted: ConfigInput = { task, stop: { any: { 'max-evaluations': 1 } } };
    // @ts-expect-error -- a number
    const text: ConfigInput = { task, optimizers: [{ 'cma-es': { sigma0: '0.1' } }] };
    // @ts-expect-error -- not both
    const both: RunInput = { task, config: 'a.yaml' };
    const foreign: ConfigInput = { task, hunters: any({ 'of-a-plug-in': { a: [1] } }, 'of-another') };
    expect([misspelt, incomplete, unlisted, text, both, foreign]).toHaveLength(6);
  });

  it.each([
    [
      namedOptimizers,
      {
        bayesian: 0,
        bfgs: 0,
        bobyqa: 0,
        'cma-es': 0,
        'dfo-ls': 0,
        'dual-annealing': 0,
        grid: 0,
        'l-bfgs-b': 0,
        'latin-hypercube': 0,
        'levenberg-marquardt': 0,
        'nelder-mead': 0,
        nevergrad: 0,
        'particle-swarm': 0,
        program: 0,
        pycma: 0,
        random: 0,
        repeat: 0,
        scipy: 0,
        shade: 0,
        sobol: 0,
        step: 0,
      } satisfies Record<keyof KnownOptimizers, 0>,
    ],
    [
      selectors,
      { bandit: 0, chain: 0, cycle: 0, random: 0, share: 0 } satisfies Record<keyof KnownSelectors, 0>,
    ],
    [
      generators,
      {
        annealing: 0,
        'basin-hopping': 0,
        'cluster-hopping': 0,
        'explore-exploit': 0,
        incumbent: 0,
        'latin-hypercube': 0,
        magnitudes: 0,
        perturbation: 0,
        random: 0,
        'single-point': 0,
        sobol: 0,
      } satisfies Record<keyof KnownGenerators, 0>,
    ],
    [
      hunters,
      {
        'best-unmoving': 0,
        'evaluations-unmoving': 0,
        forecast: 0,
        'last-points-invalid': 0,
        'min-evaluations': 0,
        'optimizer-type': 0,
        'parameter-distance': 0,
        'step-size': 0,
        'time-annealing': 0,
        'value-annealing': 0,
      } satisfies Record<keyof KnownHunters, 0>,
    ],
    [
      checkers,
      {
        'kills-after-convergence': 0,
        'max-evaluations': 0,
        'max-kills': 0,
        'max-optimizers-started': 0,
        'max-seconds': 0,
        'no-improvement': 0,
        'optimizers-converged': 0,
        'target-value': 0,
      } satisfies Record<keyof KnownCheckers, 0>,
    ],
  ])('has types for every component of $kind', (registry, known) => {
    expect(registry.names().toSorted()).toEqual(Object.keys(known).toSorted());
  });

  it('has all its mistakes told, with their paths', async () => {
    expect(
      await refusal({
        task,
        optimizer: ['cma-es'],
        hunters: any({ 'best-unmovin': 3 }),
        stop: all(),
        manager: { maxJobs: 0 },
      }),
    ).toEqual([
      'optimizer: unknown option; did you mean optimizers?',
      expect.stringMatching(
        /^hunters\.any\[0\]\.best-unmovin: unknown hunter best-unmovin; did you mean best-unmoving\?/,
      ),
      'stop.all: expected a list of at least one checker, got an empty list',
      'manager.maxJobs: expected an integer >= 1, got 0',
    ]);
  });

  it('has its paths relative to baseDir', async () => {
    using folder = new Folder();
    const file = folder.write('task.mjs', 'export default ([x]) => x ** 2;');
    const parameters = [{ name: 'x', min: 0, max: 1 }];
    const config = await resolveInput({ task: { module: 'task.mjs' }, parameters, baseDir: folder.path });
    expect(config.task).toEqual({ kind: 'module', path: file });
  });

  it('says why a function is no task', async () => {
    const parameters = [{ name: 'x', min: 0, max: 1 }];
    expect(await refusal({ task: Math.hypot, parameters })).toEqual([
      'task: a function cannot be sent to the threads and processes that evaluate it: export it from a file of its own, and write { module: file }',
      'task: expected a map with one of module, benchmark, command, python, got the function hypot',
    ]);
  });
});

describe('a configuration that is made already', () => {
  it('is a file', async () => {
    using folder = new Folder();
    const file = folder.write('a.yaml', 'task: { benchmark: sphere, dimension: 2 }\nmanager: { seed: 7 }\n');
    expect((await resolveInput({ config: file })).manager.seed).toBe(7);
    expect(await refusal({ config: folder.at('b.yaml') })).toEqual([`${folder.at('b.yaml')}: no such file`]);
  });

  it('is taken as it is when it was resolved', async () => {
    const config = await resolveConfig({ task }, { baseDir: '.' });
    expect(await resolveInput({ config })).toBe(config);
  });

  it('has nothing beside it, and is no plain one', async () => {
    expect(await refusal({ config: { task }, task, baseDir: '/' })).toEqual([
      'baseDir: unexpected beside config',
      'task: unexpected beside config',
      'config: expected a file, or what loadConfig or resolveConfig returned, got a map; write task, parameters, … in its place',
    ]);
  });
});
