import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toYaml } from '../../src/config/write.ts';
import type { TaskSpec } from '../../src/tasks/contract.ts';
import { benchmarks } from '../../src/tasks/benchmarks/registry.ts';
import { dir, load, refusal } from './support.ts';

const PARAMETERS = 'parameters: [{ name: a, min: 0, max: 1 }]\n';

describe('task', () => {
  it('is a module, relative to the file', async () => {
    const { task } = await load(`task: { module: ./task.ts }\n${PARAMETERS}`);
    expect(task).toStrictEqual({ kind: 'module', path: join(dir, 'task.ts') });
    expect((await load(`task: { module: ${dir}/task.ts, export: f }\n${PARAMETERS}`)).task).toStrictEqual({
      kind: 'module',
      path: join(dir, 'task.ts'),
      export: 'f',
    });
  });

  it.each([
    ['task:', 'c.yaml:1:6 task: expected a map with one of module, benchmark, command, python, got null'],
    [
      'task: ./task.ts',
      'c.yaml:1:7 task: expected a map with one of module, benchmark, command, python, got "./task.ts"',
    ],
    [
      'task: {}',
      'c.yaml:1:7 task: expected a map with one of module, benchmark, command, python, got an empty map',
    ],
    [
      'task: { modul: a.ts }',
      'c.yaml:1:7 task: expected a map with one of module, benchmark, command, python, got a map',
    ],
    ['task: { modul: a.ts }', 'c.yaml:1:9 task.modul: unknown option; did you mean module?'],
    [
      'task: { module: task.ts, benchmark: sphere }',
      'c.yaml:1:7 task: expected one of module, benchmark, command, python, got module and benchmark',
    ],
    ['task: { module: no.ts }', 'c.yaml:1:17 task.module: no.ts does not exist'],
    ['task: { module: task.ts/x.ts }', 'c.yaml:1:17 task.module: task.ts/x.ts does not exist'],
    [
      'task: { module: folder.ts }',
      'c.yaml:1:17 task.module: folder.ts is a directory, expected a .ts or .js file',
    ],
    [
      'task: { module: task.py }',
      'c.yaml:1:17 task.module: task.py is not JavaScript or TypeScript (.ts, .mts, .cts, .js, .mjs, .cjs)',
    ],
    ['task: { module: 5 }', 'c.yaml:1:17 task.module: expected a text that is not empty, got 5'],
    ['task: { module: "" }', 'c.yaml:1:17 task.module: expected a text that is not empty, got ""'],
    [
      'task: { module: task.ts, export: [f] }',
      'c.yaml:1:34 task.export: expected a text that is not empty, got a list of 1',
    ],
    [
      'task: { module: task.ts, dimension: 2 }',
      'c.yaml:1:26 task.dimension: unknown option (known: module, export)',
    ],
  ])('%s is refused', async (text, line) => {
    mkdirSync(join(dir, 'folder.ts'), { recursive: true });
    writeFileSync(join(dir, 'task.py'), '');
    expect(await refusal(`${text}\n${PARAMETERS}`)).toContain(line);
  });

  it('says how blocks of residuals count', async () => {
    const text = 'task: { module: task.ts, residuals: { a: 10, b: { loss: huber, scale: 0.5 }, c: } }';
    const config = await load(`${text}\n${PARAMETERS}`);
    expect(config.task.residuals).toStrictEqual([
      { name: 'a', weight: 10, loss: 'linear', scale: 1 },
      { name: 'b', weight: 1, loss: 'huber', scale: 0.5 },
      { name: 'c', weight: 1, loss: 'linear', scale: 1 },
    ]);
    expect((await load(toYaml(config))).task).toStrictEqual(config.task);
  });

  it.each([
    [
      'residuals: 3',
      "c.yaml:1:37 task.residuals: expected a map of blocks' names to { weight, loss, scale }, got 3",
    ],
    [
      'residuals: { a: { weigth: 1 } }',
      'c.yaml:1:44 task.residuals.a.weigth: unknown option; did you mean weight?',
    ],
    ['residuals: { a: -1 }', 'c.yaml:1:42 task.residuals.a: expected a number > 0, got -1'],
    [
      'residuals: { a: x }',
      'c.yaml:1:42 task.residuals.a: expected a weight, or a map with weight, loss and scale, got "x"',
    ],
  ])('with %s is refused', async (part, line) => {
    expect(await refusal(`task: { module: task.ts, ${part} }\n${PARAMETERS}`)).toContain(line);
  });

  it('is tried when there is a probe, whose finding is told where the module stands', async () => {
    const seen: TaskSpec[] = [];
    const probe = async (spec: TaskSpec): Promise<string | undefined> => {
      seen.push(spec);
      return spec.kind === 'module' && spec.export === 'g'
        ? `task module ${spec.path} has no export g`
        : undefined;
    };
    await load(`task: { module: task.ts }\n${PARAMETERS}`, { probe });
    expect(await refusal(`task: { export: g, module: task.ts }\n${PARAMETERS}`, { probe })).toEqual([
      'c.yaml:1:28 task.module: task module task.ts has no export g',
    ]);
    await refusal(`task: { module: task.ts, exprt: h }\n${PARAMETERS}`, { probe });
    expect(seen).toEqual([
      { kind: 'module', path: join(dir, 'task.ts') },
      { kind: 'module', path: join(dir, 'task.ts'), export: 'g' },
    ]);
  });
});

describe('a benchmark', () => {
  it('brings its parameters', async () => {
    const { task, parameters } = await load('task: { benchmark: schwefel, dimension: 3 }');
    expect(task).toStrictEqual({ kind: 'benchmark', name: 'schwefel', options: { dimension: 3 } });
    expect(parameters).toStrictEqual(
      ['x1', 'x2', 'x3'].map((name) => ({
        name,
        kind: 'free',
        type: 'real',
        scale: 'linear',
        min: -500,
        max: 500,
      })),
    );
  });

  it('keeps its options, and is written with them', async () => {
    const text = 'task: { benchmark: bbob, function: 15, dimension: 3, instance: 4 }';
    const config = await load(text);
    expect(config.task).toStrictEqual({
      kind: 'benchmark',
      name: 'bbob',
      options: { function: 15, dimension: 3, instance: 4 },
    });
    expect(config.parameters.map((parameter) => parameter.name)).toEqual(['x1', 'x2', 'x3']);
    expect((await load(toYaml(config))).task).toStrictEqual(config.task);
    expect((await load('task: { benchmark: easom }')).task).toMatchObject({ options: { dimension: 2 } });
    const other = await load('task: { benchmark: lennard-jones, atoms: 2 }');
    expect(other.parameters.map(({ name }) => name)).toEqual(['x1', 'y1', 'z1', 'x2', 'y2', 'z2']);
  });

  it('takes other parameters, as many of them', async () => {
    const text =
      'task: { benchmark: sphere, dimension: 2 }\nparameters: [{ name: a, min: 0, max: 1 }, { name: b, value: 1 }]';
    expect((await load(text)).parameters.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await refusal(text.replace('2 }', '3 }'))).toEqual([
      'c.yaml:2:13 parameters: expected 3 parameters, as the benchmark sphere has here, got 2',
    ]);
  });

  it.each([
    [
      'rastrign, dimension: 2',
      `c.yaml:1:20 task.benchmark: unknown benchmark rastrign; did you mean rastrigin? (known: ${benchmarks.names().join(', ')})`,
    ],
    ['[], dimension: 2', 'c.yaml:1:20 task.benchmark: expected the name of a benchmark, got an empty list'],
    ['sphere', 'c.yaml:1:7 task.dimension: expected an integer in [1, 10000], got nothing'],
    ['sphere, dimension: 0', 'c.yaml:1:39 task.dimension: expected an integer in [1, 10000], got 0'],
    ['rosenbrock, dimension: 1', 'c.yaml:1:43 task.dimension: expected an integer in [2, 10000], got 1'],
    ['sphere, dimension: 1.5', 'c.yaml:1:39 task.dimension: expected an integer in [1, 10000], got 1.5'],
    [
      'sphere, dimension: 1e9',
      'c.yaml:1:39 task.dimension: expected an integer in [1, 10000], got 1000000000',
    ],
    ['sphere, dimension: 2, dim: 3', 'c.yaml:1:42 task.dim: unknown option; did you mean dimension?'],
    ['sphere, dimension: 2, shift: -1', 'c.yaml:1:49 task.shift: expected an integer >= 0, got -1'],
    ['sphere, dimension: 1001, rotate: 1', 'c.yaml:1:7 task: rotate is for up to 1000 parameters'],
    ['bbob, dimension: 2', 'c.yaml:1:7 task.function: expected an integer in [1, 24], got nothing'],
    ['bbob, function: 25, dimension: 2', 'c.yaml:1:36 task.function: expected an integer in [1, 24], got 25'],
    [
      'lennard-jones, dimension: 6',
      'c.yaml:1:35 task.dimension: unknown option (known: benchmark, atoms, returns)',
    ],
    ['nist, problem: boxbod', 'c.yaml:1:35 task.problem: expected one of BoxBOD, DanWood,'],
  ])('%s is refused', async (text, line) => {
    const lines = await refusal(`task: { benchmark: ${text} }`);
    // Parameters are brought by it, and not missing.
    expect(lines.filter((one) => !/^c\.yaml:\S+ task/.test(one))).toEqual([]);
    expect(lines.join('\n')).toContain(line);
  });
});
