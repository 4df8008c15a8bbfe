import { checkers } from '../../src/checkers/registry.ts';
import type { OptionSchema, OptionsSchema } from '../../src/core/options.ts';
import { generators } from '../../src/generators/registry.ts';
import { hunters } from '../../src/hunters/registry.ts';
import { namedOptimizers } from '../../src/optimizers/registry.ts';
import { selectors } from '../../src/selectors/registry.ts';
import { benchmarks } from '../../src/tasks/benchmarks/registry.ts';

const parameters = [{ name: 'a', min: 1, max: 2 }];
const module = { module: 'task.ts' };

/** Configurations that between them say all that can be said outside of components; `task.ts` and `fit.py` are beside them. */
export const SECTIONS: readonly object[] = [
  {
    plugins: [],
    task: {
      module: 'task.ts',
      export: 'default',
      residuals: { energies: 10, forces: { weight: 2 }, d: null },
    },
    parameters: [
      { name: 'a', min: 1, max: 100, scale: 'log', type: 'integer', initial: 3 },
      { name: 'b', value: 2.5 },
      { name: 'c', value: '= 2*a', min: 0, max: 1e3 },
    ],
    constraints: ['a < 10'],
    optimizers: {
      selector: 'cycle',
      use: [
        'random',
        { 'cma-es': { workers: 1, evaluate: 'inline', priority: 2, maxStarts: 3, generator: 'sobol' } },
      ],
      spawn: { optimizers: 5, evaluations: 100 },
    },
    generator: { perturbation: { scale: 0.1 } },
    hunters: { all: ['value-annealing', { not: { 'best-unmoving': 5 } }] },
    stop: { any: [{ 'max-evaluations': 10 }, { 'target-value': { target: 0, tolerance: 0.1 } }] },
    warmStart: { run: 'runs/old', inject: 'best', force: false },
    cache: { tolerance: 0, charge: true, maxHitsInARow: 5 },
  },
  {
    task: module,
    parameters,
    optimizers: null,
    generator: null,
    hunters: null,
    stop: null,
    manager: {
      maxJobs: 2,
      backend: 'threads',
      onFailure: { recover: 5 },
      migration: 'ring',
      logDir: 'logs',
      seed: 1,
      timeoutSeconds: 5,
      endTimeoutSeconds: 0,
    },
    checkpoints: { everySeconds: 60, everyEvaluations: 100, atStart: true, keep: 2, name: 'c{n}' },
    warmStart: 'runs/old',
    cache: true,
  },
  {
    task: {
      command: ['sh', '{a:%.3f}'],
      directory: '.',
      stdin: 'json',
      okExitCodes: [0, 3],
      retryExitCodes: [75],
      environment: { pass: ['A*'], set: { B: 1, C: 'text' } },
      workDirectory: { keep: 'best', copy: ['task.ts'], link: [] },
      read: {
        value: { json: 'result.loss', file: 'out.json' },
        gradient: 'numbers',
        violation: { pattern: 'v=(.*)' },
        extras: { size: { 'last-number': 'size.txt' } },
      },
    },
    parameters,
  },
  {
    task: { command: 'echo $GLOMPO_a', shell: true, read: { residuals: { one: 'numbers' } } },
    parameters,
  },
  {
    task: { command: ['sh'], dakota: { format: 'json', calibrationTerms: ['r'], metadata: ['m'] } },
    parameters,
  },
  {
    task: {
      command: ['sh', ''],
      protocol: 'jsonl',
      directory: '.',
      environment: null,
      maxEvaluationsPerWorker: 5,
      startSeconds: 5,
    },
    parameters,
  },
  { task: { python: 'fit.py:loss', interpreter: 'sh', directory: '.' }, parameters },
  { task: { benchmark: 'sphere', dimension: 2 }, parameters: null, manager: null, checkpoints: null },
];

/** Options that have to be the names of something. */
const NAMES: Readonly<Record<string, object>> = { 'optimizer-type': { types: ['random'] } };

/** A configuration for each component, with each of its options, and where that stands in it. */
export function* ofComponents(): Generator<{ readonly name: string; readonly config: object }, void> {
  for (const one of benchmarks.all())
    yield { name: one.name, config: { task: { benchmark: one.name, ...filled(one.options) } } };
  // As many as a generator of particles needs.
  const whole = { task: module, parameters: ['a', 'b', 'c'].map((name) => ({ name, min: 1, max: 2 })) };
  for (const one of namedOptimizers.all()) {
    const generator = 'random';
    yield {
      name: one.name,
      config: { ...whole, optimizers: [{ [one.name]: { ...filled(one.options), generator } }] },
    };
  }
  for (const one of selectors.all())
    yield {
      name: one.name,
      config: {
        ...whole,
        optimizers: { selector: { [one.name]: filled(one.options) }, use: ['random', 'sobol'] },
      },
    };
  for (const [section, registry] of [
    ['generator', generators],
    ['hunters', hunters],
    ['stop', checkers],
  ] as const)
    for (const one of registry.all())
      yield {
        name: one.name,
        config: { ...whole, [section]: { [one.name]: { ...filled(one.options), ...NAMES[one.name] } } },
      };
}

/** Every option that has a value of which one can say without knowing it that it will do. */
function filled({ properties, required = [] }: OptionsSchema): object {
  return Object.fromEntries(
    Object.entries(properties)
      .map(([key, option]) => [key, valueFor(option, required.includes(key))] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function valueFor(option: OptionSchema, isNeeded: boolean): unknown {
  if (option.default !== undefined) return option.default;
  if (option.enum) return option.enum[0];
  switch (option.type) {
    case 'boolean':
      return true;
    case 'integer':
      return Math.max(option.minimum ?? 1, 1);
    case 'number':
      return option.exclusiveMaximum === undefined ? 1 : option.exclusiveMaximum / 2;
    case 'array':
      return isNeeded ? [valueFor(option.items!, true)] : undefined;
    case 'object':
      return isNeeded ? {} : undefined;
    default:
      return isNeeded ? 'sh' : undefined;
  }
}
