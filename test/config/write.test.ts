import * as fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/checkers/budget.ts';
import { checkers } from '../../src/checkers/registry.ts';
import { buildTree } from '../../src/config/condition-trees.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { ComponentUse, ConditionUse, RunConfig } from '../../src/config/run-config.ts';
import { toPlain, toYaml } from '../../src/config/write.ts';
import { quoteName } from '../../src/space/expression.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import type { TaskSpec } from '../../src/tasks/contract.ts';
import { dir, load } from './support.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true });
const count = fc.integer({ min: 1 });

const real = fc
  .tuple(finite, finite, fc.boolean())
  .filter(([a, b]) => a !== b && a + b !== 0)
  .map(([a, b, hasInitial]) => ({
    type: 'real' as const,
    scale: Math.min(a, b) > 0 ? ('log' as const) : ('linear' as const),
    min: Math.min(a, b),
    max: Math.max(a, b),
    ...(hasInitial ? { initial: a } : {}),
  }));
const integer = fc
  .tuple(fc.maxSafeInteger(), fc.maxSafeInteger())
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({
    type: 'integer' as const,
    scale: 'linear' as const,
    min: Math.min(a, b),
    max: Math.max(a, b),
  }));
const parameter: fc.Arbitrary<(name: string) => Parameter> = fc.oneof(
  fc.oneof(real, integer).map((rest) => (name: string): Parameter => ({ name, kind: 'free', ...rest })),
  finite.map((value) => (name: string): Parameter => ({ name, kind: 'fixed', value })),
);
const name = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom('null', '1', 'yes', '- a', 'a: b', '# c', '\n', '{', '~'),
);
const parameters = fc
  .uniqueArray(fc.tuple(name, parameter), { minLength: 1, maxLength: 5, selector: ([text]) => text })
  .map((list) => list.map(([text, make]) => make(text)))
  .filter((list) => list.some(({ kind }) => kind === 'free'));

/** Tied to any one of `names`, and constraints over them; a name with a backtick cannot be written in an expression. */
const bound = fc.tuple(fc.constantFrom('<', '<=', '>', '>='), fc.double({ noNaN: true, min: 0, max: 1e300 }));
const limits = fc.record({
  ties: fc.array(bound, { maxLength: 3 }),
  constraints: fc.array(bound, { maxLength: 3 }),
});
const spaces = fc.tuple(parameters, limits).map(([list, drawn]) => {
  const usable = list.filter(({ name: text, kind }) => kind === 'free' && !text.includes('`'));
  const at = (i: number): string => quoteName(usable[i % usable.length]!.name);
  if (usable.length === 0) return { parameters: list, constraints: [] };
  const tied = drawn.ties.map(([operator, number], i): Parameter => ({
    name: `a tied one ${i}`,
    kind: 'tied',
    expression: `${number} * ${at(i)} + max(0, ${at(i + 1)}) ^ -2`,
    ...(operator.startsWith('<') ? { min: -number } : {}),
    ...(operator.endsWith('=') ? { max: number + 1 } : {}),
  }));
  const constraints = drawn.constraints.map(
    ([operator, number], i) => `${at(i)} ${operator} ${number} - ${at(i + 1)}`,
  );
  return { parameters: [...list, ...tied], constraints };
});

const task: fc.Arbitrary<TaskSpec> = fc.constantFrom<TaskSpec>(
  { kind: 'module', path: join(dir, 'task.ts') },
  { kind: 'module', path: join(dir, 'task.ts'), export: 'null' },
);

const checker: fc.Arbitrary<ComponentUse> = fc.oneof(
  count.map((evaluations) => ({ name: 'max-evaluations', options: { evaluations } })),
  fc.tuple(positive, fc.constantFrom('session', 'overall')).map(([seconds, of]) => ({
    name: 'max-seconds',
    options: { seconds, of },
  })),
  fc
    .tuple(finite, positive)
    .map(([target, tolerance]) => ({ name: 'target-value', options: { target, tolerance, of: 'fx' } })),
);
const hunter: fc.Arbitrary<ComponentUse> = fc
  .tuple(count, positive)
  .map(([calls, tolerance]) => ({ name: 'best-unmoving', options: { calls, tolerance, of: 'extras.b' } }));

function tree(leaf: fc.Arbitrary<ComponentUse>): fc.Arbitrary<ConditionUse> {
  return fc.letrec<{ node: ConditionUse }>((tie) => {
    const children = fc.array(tie('node'), { minLength: 1, maxLength: 3 });
    return {
      node: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        children.map((all): ConditionUse => ({ all })),
        children.map((any): ConditionUse => ({ any })),
        tie('node').map((not): ConditionUse => ({ not })),
      ),
    };
  }).node;
}

const rest = fc.record({
  plugins: fc.constant([]),
  task,
  optimizers: fc.record({
    selector: fc.constant({ name: 'cycle', options: {} }),
    use: fc.array(
      fc.record({
        name: fc.constant('random'),
        options: fc.constant({}),
        workers: fc.integer({ min: 1, max: 8 }),
        evaluate: fc.constantFrom('inline', 'threads'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    spawn: fc.record(
      { optimizers: fc.integer({ min: 1, max: 99 }), evaluations: fc.integer({ min: 1, max: 99 }) },
      { requiredKeys: [] },
    ),
  }),
  generator: fc.constant({ name: 'random', options: {} }),
  hunters: fc.option(tree(hunter)),
  stop: tree(checker),
  manager: fc.record({
    maxJobs: fc.integer({ min: 8 }),
    backend: fc.constantFrom('threads', 'processes'),
    huntFrequency: count,
    huntBest: fc.boolean(),
    shareBest: fc.boolean(),
    migration: fc.constantFrom('none', 'ring', 'fully-connected', 'broadcast-best'),
    migrationFrequency: fc.integer({ min: 1, max: 1000 }),
    migrationChance: fc.double({ min: 0.01, max: 1, noNaN: true }),
    migrationAccept: fc.constantFrom('better', 'any'),
    reevaluateBest: fc.integer({ min: 0, max: 50 }),
    minimaTolerance: fc.double({ min: 0, max: 1, noNaN: true }),
    onFailure: fc.oneof(
      fc.constantFrom({ kind: 'worst' as const }, { kind: 'abort' as const }),
      finite.map((value) => ({ kind: 'recover' as const, value })),
    ),
    retries: fc.integer({ min: 0, max: 9 }),
    durability: fc.constantFrom('commit', 'full'),
    logCopySeconds: fc.double({ min: 1, max: 1e6, noNaN: true }),
    aggressiveKill: fc.boolean(),
    containment: fc.constantFrom('auto', 'none', 'pid-namespace', 'cgroup'),
    endTimeoutSeconds: positive,
    reproducible: fc.boolean(),
    roundEvaluations: count,
    allowTimed: fc.constant(true),
    maxWorkers: count,
    seed: fc.maxSafeNat(),
  }),
  checkpoints: fc.record(
    {
      everySeconds: positive,
      everyEvaluations: count,
      atStart: fc.boolean(),
      atEnd: fc.boolean(),
      keep: count,
      name: fc.constantFrom('mark-{n}', 'at {call}'),
    },
    { requiredKeys: ['atStart', 'atEnd', 'keep', 'name'] },
  ),
});
const config: fc.Arbitrary<RunConfig> = fc
  .tuple(rest, spaces)
  .map(([most, space]) => ({ ...most, ...space }))
  // Evaluations at the end are part of the budget.
  .filter(({ stop, manager }) => {
    const budget = budgetOf(buildTree(stop, checkers, 0, 'stop'));
    return manager.reevaluateBest === 0 || manager.reevaluateBest < budget;
  });

describe('a resolved configuration', () => {
  it('is written so that loading it gives it again', async () => {
    await fc.assert(
      fc.asyncProperty(config, async (given) => {
        expect(await load(toYaml(given))).toEqual(given);
        expect(await resolveConfig(toPlain(given), { baseDir: '/' })).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });

  it('with all its defaults, too', async () => {
    const resolved = await load(
      'task: { benchmark: ackley, dimension: 3 }\noptimizers: [cma-es, nelder-mead, random]',
    );
    expect(await load(toYaml(resolved))).toStrictEqual(resolved);
  });

  it('reads well', async () => {
    const text = toYaml(
      await load(`task: { module: task.ts }
parameters:
  - { name: k, min: 1.0e-3, max: 10, scale: log, initial: 0.2 }
  - { name: c, value: 2.5 }
optimizers: [random]
stop: { any: [{ max-evaluations: 500 }, { not: { target-value: 0 } }] }
hunters: none
manager: { maxJobs: 2, seed: 1 }`),
    );
    expect(text.replaceAll(dir, '/dir')).toBe(`task: { module: /dir/task.ts }
parameters:
  - { name: k, type: real, scale: log, min: 0.001, max: 10, initial: 0.2 }
  - { name: c, value: 2.5 }
optimizers:
  selector: cycle
  use:
    - random: { workers: 1, evaluate: inline }
generator: random
hunters: none
stop:
  any:
    - max-evaluations: { evaluations: 500 }
    - not:
        target-value: { target: 0, tolerance: 0, of: fx }
manager: { seed: 1, maxJobs: 2, backend: threads, huntFrequency: 100, huntBest: false, shareBest: false, migration: none, migrationChance: 1, migrationAccept: better, reevaluateBest: 0, minimaTolerance: 0.01, retries: 1, containment: auto, aggressiveKill: false, endTimeoutSeconds: 10, durability: commit, reproducible: false, allowTimed: false, logCopySeconds: 60, onFailure: worst }
checkpoints: { atStart: false, atEnd: false, keep: 3, name: "checkpoint-{n}" }
`);
  });
});
