import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { dir, load, refusal, TASK } from './support.ts';

describe('a configuration file', () => {
  it('may say everything', async () => {
    const config = await load(`
task: { module: ./task.ts, export: default }
parameters:
  - { name: k, min: 1.0e-3, max: 10, scale: log, initial: 0.2 }
  - { name: n, min: 1, max: 20, type: integer }
  - { name: c, value: 2.5 }
optimizers:
  selector: cycle
  use:
    - cma-es: { workers: 4, populationSize: 12, sigma0: 0.5, evaluate: threads }
    - random
generator: random
hunters:
  any:
    - all:
        - evaluations-unmoving: { calls: 100, tolerance: 0.01 }
        - value-annealing: { survivalAtTwice: 0.1 }
    - not: { best-unmoving: 200 }
stop:
  any: [{ max-evaluations: 50000 }, { target-value: { target: 0, tolerance: 1.0e-6 } }]
manager:
  maxJobs: 4
  backend: processes
  huntFrequency: 100
  huntBest: true
  shareBest: true
  onFailure: { recover: 1.0e+6 }
  endTimeoutSeconds: 0
  seed: 42
`);
    expect(config).toMatchObject({
      task: { kind: 'module', path: join(dir, 'task.ts'), export: 'default' },
      parameters: [
        { name: 'k', kind: 'free', type: 'real', scale: 'log', min: 1e-3, max: 10, initial: 0.2 },
        { name: 'n', kind: 'free', type: 'integer', scale: 'linear', min: 1, max: 20 },
        { name: 'c', kind: 'fixed', value: 2.5 },
      ],
      optimizers: {
        selector: { name: 'cycle', options: {} },
        use: [
          { name: 'cma-es', options: { populationSize: 12, sigma0: 0.5 }, workers: 4, evaluate: 'threads' },
          { name: 'random', options: {}, workers: 1, evaluate: 'inline' },
        ],
      },
      generator: { name: 'random', options: {} },
      hunters: {
        any: [
          {
            all: [
              { name: 'evaluations-unmoving', options: { calls: 100, tolerance: 0.01 } },
              { name: 'value-annealing', options: { survivalAtTwice: 0.1 } },
            ],
          },
          { not: { name: 'best-unmoving', options: { calls: 200, tolerance: 0 } } },
        ],
      },
      stop: {
        any: [
          { name: 'max-evaluations', options: { evaluations: 50000 } },
          { name: 'target-value', options: { target: 0, tolerance: 1e-6 } },
        ],
      },
      manager: {
        maxJobs: 4,
        backend: 'processes',
        huntFrequency: 100,
        huntBest: true,
        shareBest: true,
        onFailure: { kind: 'recover', value: 1e6 },
        endTimeoutSeconds: 0,
        seed: 42,
      },
    });
    expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config);
  });

  it('may say next to nothing', async () => {
    const config = await load(TASK);
    expect(config).toMatchObject({
      task: { kind: 'benchmark', name: 'sphere', options: { dimension: 2 } },
      parameters: [
        { name: 'x1', kind: 'free', type: 'real', scale: 'linear', min: -5.12, max: 5.12 },
        { name: 'x2', kind: 'free', type: 'real', scale: 'linear', min: -5.12, max: 5.12 },
      ],
      optimizers: {
        selector: { name: 'share', options: { weights: [1, 1, 8] } },
        use: [
          { name: 'step', workers: 1, evaluate: 'inline', maxStarts: 1 },
          { name: 'bfgs', workers: 1, evaluate: 'inline', options: { roughness: 0.02 } },
          { name: 'cma-es', workers: 1, evaluate: 'inline', options: { spawns: 'bipop', sigma0: 0.2 } },
        ],
      },
      generator: { name: 'random', options: {} },
      hunters: {
        all: [
          { name: 'min-evaluations', options: { calls: 200 } },
          { name: 'forecast', options: { caution: 10, of: 'fx' } },
        ],
      },
      stop: { name: 'max-evaluations', options: { evaluations: 5000 } },
      manager: {
        maxJobs: availableParallelism(),
        backend: 'threads',
        huntFrequency: 100,
        huntBest: false,
        shareBest: false,
        onFailure: { kind: 'worst' },
        endTimeoutSeconds: 10,
      },
    });
    expect(Number.isSafeInteger(config.manager.seed)).toBe(true);
    expect((await load(TASK)).manager.seed).not.toBe(config.manager.seed);
  });

  it('may have empty sections, as if they were not there', async () => {
    const { manager: full, ...rest } = await load(
      `${TASK}optimizers:\ngenerator:\nstop:\nparameters:\nmanager:\n`,
    );
    const { manager: bare, ...others } = await load(TASK);
    expect(rest).toEqual(others);
    expect({ ...full, seed: 0 }).toEqual({ ...bare, seed: 0 });
  });

  it('grows its default budget with the number of free parameters', async () => {
    const text =
      'task: { module: task.ts }\nparameters: [{ name: a, min: 0, max: 1 }, { name: b, value: 1 }]';
    expect((await load(text)).stop).toEqual({ name: 'max-evaluations', options: { evaluations: 2500 } });
  });

  it('takes a seed from outside', async () => {
    expect(
      (await load(`${TASK}manager: { seed: 1 }`, { seed: 7, sets: ['manager.seed=2'] })).manager.seed,
    ).toBe(7);
    expect(await refusal(TASK, { seed: 1.5 })).toEqual([
      '--seed 1.5 manager.seed: expected an integer in [0, 9007199254740991], got 1.5',
    ]);
  });

  it('tells all mistakes at once, in the order of the file', async () => {
    const text = `task: { module: missing.ts }
parameters:
  - { name: k, min: 10, max: 1 }
  - { name: k, value: 1, min: 0 }
optimizer: cma-es
optimizers:
  - cma-es: { workers: 4, sigma0: 1.5, popsize: 8 }
  - nelder-meat
hunters: []
stop: { max-evaluations: 0 }
manager: { maxJobs: 2, seed: x, seed: 2, backend: inlin }
`;
    const lines = await refusal(text, { sets: ['generator=randon', 'manager.huntFrequency=0', 'oops'] });
    expect(lines.map((line) => line.replace(/ \(known: .*\)/, ''))).toEqual([
      'c.yaml:1:17 task.module: missing.ts does not exist',
      'c.yaml:3:30 parameters[0].max: expected a number > min (10), got 1',
      'c.yaml:4:13 parameters[1].name: expected a name of its own, got "k", as parameters[0] has',
      'c.yaml:4:26 parameters[1].min: unexpected beside value: a fixed parameter has no bounds',
      'c.yaml:5:1 optimizer: unknown option; did you mean optimizers?',
      'c.yaml:7:24 optimizers[0].cma-es.workers: expected at most maxJobs (2) without an engine, got 4',
      'c.yaml:7:35 optimizers[0].cma-es.sigma0: expected a number in (0, 1], got 1.5',
      'c.yaml:7:40 optimizers[0].cma-es.popsize: unknown option; did you mean populationSize?',
      'c.yaml:8:5 optimizers[1]: unknown optimizer nelder-meat; did you mean nelder-mead?',
      'c.yaml:9:10 hunters: expected one hunter, got an empty list; write any: or all: before the list',
      'c.yaml:10:26 stop.max-evaluations: expected an integer >= 1, got 0',
      'c.yaml:11:33 manager.seed: given twice',
      'c.yaml:11:51 manager.backend: expected one of inline, threads, processes, processes_forced, got "inlin"',
      '--set oops: expected path=value, such as manager.seed=42 or optimizers.use[0].cma-es.sigma0=0.3',
      '--set generator=randon generator: unknown generator randon; did you mean random?',
      '--set manager.huntFrequency=0 manager.huntFrequency: expected an integer >= 1, got 0',
    ]);
  });

  it('tells mistakes as data too, and shows the file as it was given', async () => {
    const path = join(dir, 'd.yaml');
    const file = relative(process.cwd(), path);
    writeFileSync(path, `${TASK}stop: { max-evaluations: 0 }`);
    const error: unknown = await loadConfig(file, { sets: ['manager.huntBest=1'] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: 'config-invalid',
      retryable: false,
      file,
      message: `${file}:2:26 stop.max-evaluations: expected an integer >= 1, got 0
--set manager.huntBest=1 manager.huntBest: expected true or false, got 1`,
      problems: [
        { path: 'stop.max-evaluations', message: 'expected an integer >= 1, got 0', line: 2, column: 26 },
        {
          path: 'manager.huntBest',
          message: 'expected true or false, got 1',
          flag: '--set manager.huntBest=1',
        },
      ],
    });
  });

  it('is refused when it is not there or not a file', async () => {
    await expect(loadConfig('no/such.yaml')).rejects.toThrow(/^no\/such\.yaml: no such file$/);
    await expect(loadConfig(dir)).rejects.toThrow(
      new ConfigError([{ path: '', message: 'expected a file, got a directory' }], dir),
    );
  });
});
