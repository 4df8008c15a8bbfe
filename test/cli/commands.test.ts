import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';

const CONFIG = `task: { module: task.mjs }
parameters:
  - { name: k, min: 1.0e-3, max: 10, scale: log, initial: 0.1 }
  - { name: c, value: 2.5 }
  - { name: n, min: 1, max: 9, type: integer }
`;
const TASK = `export default (x, { parameters }) => {
  console.log('a print');
  if (parameters.n === 3) throw new Error('not three');
  return { value: parameters.k + 10 * parameters.c + 100 * parameters.n, extras: { n: parameters.n } };
};`;

function folderWithTask(): Folder {
  const folder = new Folder();
  folder.write('task.mjs', TASK);
  folder.write('c.yaml', CONFIG);
  return folder;
}

describe('glompo evaluate', () => {
  it.each([
    ['all parameters', '[0.5, 2.5, 4]'],
    ['the free ones', '[0.5, 4]'],
    ['by name', '{"n": 4, "k": 0.5}'],
  ])('evaluates a point given as %s', async (_, x) => {
    using folder = folderWithTask();
    const { exitCode, stdout } = await runCli(['evaluate', 'c.yaml', '--x', x, '--json'], folder.path);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      evaluations: [{ fx: 425.5, status: 'ok', durationMs: expect.any(Number), extras: { n: 4 } }],
    });
  });

  it('evaluates the initial values, in the middle of the box where there are none', async () => {
    using folder = folderWithTask();
    const { stdout } = await runCli(['evaluate', 'c.yaml', '--json'], folder.path);
    const { evaluations } = JSON.parse(stdout) as { evaluations: { fx: number }[] };
    expect(evaluations[0]!.fx).toBeCloseTo(0.1 + 25 + 500, 9);
  });

  it('evaluates several points from a file, in their order, and says which failed', async () => {
    using folder = folderWithTask();
    folder.write('points.json', '[[0.5, 1], {"k": 0.25, "n": 3}, [1, 2]]');
    const { exitCode, stdout } = await runCli(
      ['evaluate', 'c.yaml', '--x-file', 'points.json', '--json'],
      folder.path,
    );
    expect(exitCode).toBe(1);
    const { evaluations } = JSON.parse(stdout) as { evaluations: object[] };
    expect(evaluations).toMatchObject([
      { fx: 125.5, status: 'ok' },
      { fx: null, status: 'failed', error: 'task threw Error: not three' },
      { fx: 226, status: 'ok' },
    ]);
  });

  it.each([
    ['{', 'glompo: --x: expected JSON such as [1, 2.5] or {"k": 1}, got {'],
    ['[1]', 'glompo: --x: expected 3 numbers (k, c, n), got 1'],
    ['{"kk": 1}', 'glompo: --x: there is no parameter kk; did you mean k?'],
    ['{"k": 1}', 'glompo: --x: parameter n is missing'],
    ['{"k": "1", "n": 2}', 'glompo: --x: expected a number for k, got "1"'],
    ['3', 'glompo: --x: expected a list of numbers or an object by name, got 3'],
  ])('refuses the point %s', async (x, message) => {
    using folder = folderWithTask();
    const { exitCode, stdout, stderr } = await runCli(
      ['evaluate', 'c.yaml', '--x', x, '--json'],
      folder.path,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.startsWith(message), stderr).toBe(true);
  });
});

describe('glompo validate', () => {
  it.each([
    [
      'optimizers: { selector: { share: { weights: [1, 2, 3] } }, use: [cma-es, bfgs] }',
      'c.yaml:2:34 optimizers.selector.share: share needs one weight for each optimizer type: 2, got 3',
    ],
    [
      'generator: cluster-hopping',
      'c.yaml:2:12 generator.cluster-hopping: cluster-hopping takes 3 parameters for a particle',
    ],
  ])(
    'refuses what no run could begin with, and so does run, which leaves nothing: %s',
    async (line, message) => {
      using folder = new Folder();
      folder.write(
        'c.yaml',
        `task: { benchmark: sphere, dimension: 4 }\n${line}\nstop: { max-evaluations: 10 }\n`,
      );
      for (const command of [['validate'], ['run', '--dir', 'run']]) {
        const { exitCode, stderr } = await runCli([...command, 'c.yaml'], folder.path);
        expect(exitCode).toBe(2);
        expect(stderr).toContain(message);
      }
      expect(existsSync(folder.at('run'))).toBe(false);
    },
  );

  it('shows the configuration with all defaults, as JSON or as YAML that is valid again', async () => {
    using folder = folderWithTask();
    const json = await runCli(['validate', 'c.yaml', '--seed', '4', '--json'], folder.path);
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      task: { module: folder.at('task.mjs') },
      manager: { seed: 4, backend: 'threads' },
      optimizers: {
        selector: { share: { weights: [1, 1, 8] } },
        use: [
          { step: { workers: 1, evaluate: 'inline', maxStarts: 1 } },
          { bfgs: { workers: 1, evaluate: 'inline' } },
          { 'cma-es': { workers: 1, evaluate: 'inline', spawns: 'bipop' } },
        ],
      },
    });
    const yaml = await runCli(['validate', 'c.yaml', '--seed', '4'], folder.path);
    folder.write('again.yaml', yaml.stdout);
    const again = await runCli(['validate', 'again.yaml', '--json'], folder.path);
    expect(again.stdout).toBe(json.stdout);
  });

  it.each([
    ['', /^c\.yaml:1:1/],
    ['- 1\n- 2\n', /^c\.yaml:1:1/],
    [
      'task: { benchmark: sphere, dimension: 2 }\ntask: { benchmark: ackley, dimension: 2 }\n',
      /^c\.yaml:2:1[ :]/,
    ],
    ['task:\n\tbenchmark: sphere\n', /^c\.yaml:2:1: not valid YAML: Tabs are not allowed/],
  ])('refuses the file %j', async (text, start) => {
    using folder = new Folder();
    folder.write('c.yaml', text);
    const { exitCode, stdout, stderr } = await runCli(['validate', 'c.yaml'], folder.path);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(start);
  });
});

describe('glompo list', () => {
  it('lists every kind, or one', async () => {
    using folder = new Folder();
    const all = await runCli(['list'], folder.path);
    for (const kind of ['optimizers', 'hunters', 'checkers', 'selectors', 'generators', 'benchmarks'])
      expect(all.stdout).toContain(`${kind}:`);
    const { stdout } = await runCli(['list', 'hunters', '--json'], folder.path);
    const { hunters } = JSON.parse(stdout) as {
      hunters: { name: string; summary: string; options: object }[];
    };
    expect(hunters.map(({ name }) => name)).toContain('value-annealing');
  });

  it('knows what was meant', async () => {
    using folder = new Folder();
    const { exitCode, stderr } = await runCli(['list', 'optimiser'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^glompo: unknown kind optimiser; did you mean optimizers\? \(known: /);
  });
});

describe('glompo', () => {
  it.each([
    [['--help']],
    [['run', '--help']],
    [['validate', '--help']],
    [['evaluate', '--help']],
    [['list', '--help']],
    [['status', '--help']],
  ])('helps: %j', async (args) => {
    using folder = new Folder();
    const { exitCode, stdout } = await runCli(args, folder.path);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Usage: glompo');
  });

  it.each([
    [['frobnicate'], "error: unknown command 'frobnicate'"],
    [['run'], "error: missing required argument 'config'"],
    [['run', 'nowhere.yaml'], 'nowhere.yaml'],
    [['run', 'c.yaml', '--seed', '-1'], 'expected an integer from 0 to 9007199254740991, got -1'],
    [['status', 'nowhere'], 'there is no run log at'],
  ])('refuses %j with code 2 and the reason', async (args, message) => {
    using folder = new Folder();
    const { exitCode, stdout, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});
