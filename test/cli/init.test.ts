import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bin, runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { hasTerminal, Terminal } from '../support/terminal.ts';

const K = ['--parameter', 'k:0.1:10:log'];
const N = ['--parameter', 'n of cells:1:9:integer'];

interface Plain {
  readonly parameters: object;
  readonly stop: object;
  readonly manager: Readonly<Record<string, unknown>>;
}

describe('glompo init', () => {
  it.each([
    ['a module in TypeScript', ['--task', 'module:src/task.ts', ...K, ...N], 'src/task.ts'],
    ['a module in JavaScript', ['--task', 'module:task.mjs', ...K], 'task.mjs'],
    ['a Python function', ['--task', 'python:fits/fit.py:cost', ...K, ...N], 'fits/fit.py'],
    ['a Python file', ['--task', 'python:fit.py', ...K], 'fit.py'],
    ['a program', ['--command', "sh -c 'echo $(({n of cells} * 2))' {k}", ...K, ...N], null],
    ['a benchmark', ['--task', 'benchmark:rastrigin'], null],
    ['nothing that is said', ['--yes'], 'task.ts'],
  ])('writes a configuration of %s that is valid and runs', async (_, flags, task) => {
    using folder = new Folder();
    const more = ['--evaluations', '60', '--max-jobs', '2', '--seed', '5', '--json'];
    const { exitCode, stdout, stderr } = await runCli(
      ['init', 'configs/fit.yaml', ...flags, ...more],
      folder.path,
    );
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      config: folder.at('configs/fit.yaml'),
      task: task === null ? null : folder.at(task),
    });
    const validated = await runCli(['validate', 'configs/fit.yaml', '--json'], folder.path);
    expect(validated.exitCode, validated.stderr).toBe(0);
    expect(JSON.parse(validated.stdout)).toMatchObject({
      stop: { any: [{ 'max-evaluations': { evaluations: 60 } }] },
      manager: { maxJobs: 2, seed: 5 },
    });
    const run = await runCli(['run', 'configs/fit.yaml', '--dir', 'run', '--json'], folder.path);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ evaluations: 60, seed: 5, fx: expect.any(Number) });
  });

  it.each(['task.ts', 'task.js', 'task.mts', 'task.cjs'])(
    'writes %s as a package of CommonJS has it',
    async (file) => {
      using folder = new Folder();
      folder.write('package.json', '{ "type": "commonjs" }');
      const written = await runCli(['init', '--task', `module:${file}`, ...K], folder.path);
      expect(written.exitCode, written.stderr).toBe(0);
      expect(await runCli(['validate', 'glompo.yaml'], folder.path)).toMatchObject({ exitCode: 0 });
    },
  );

  it('leaves a task that is there as it is', async () => {
    using folder = new Folder();
    folder.write('task.mjs', 'export default ([k]) => k;');
    const { exitCode, stdout } = await runCli(['init', '--task', 'module:task.mjs', ...K], folder.path);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('glompo.yaml: the configuration; to run it: glompo run glompo.yaml');
    expect(folder.read('task.mjs')).toBe('export default ([k]) => k;');
  });

  it('shows settings as comments, which say what holds without them', async () => {
    using folder = new Folder();
    await runCli(['init', '--yes'], folder.path);
    const text = folder.read('glompo.yaml');
    const plain = async (): Promise<Plain> =>
      JSON.parse(
        (await runCli(['validate', 'glompo.yaml', '--json', '--seed', '1'], folder.path)).stdout,
      ) as Plain;
    const before = await plain();
    // Without examples of what has no default.
    const examples =
      /^ *(?:#- (?:target|max|no)-|#(?:timeoutSeconds|everySeconds|cache|warmStart|export|constraints):|# {2}- a \+)/;
    const lines = text.split('\n').filter((line) => !examples.test(line));
    expect(lines.length).toBeLessThan(text.split('\n').length - 6);
    folder.write(
      'glompo.yaml',
      lines
        .join('\n')
        .replaceAll(/^( *)#(?! )/gm, '$1')
        .replaceAll(/^#( {2,})/gm, '$1')
        .replaceAll(/^ {3,}(scale|type|initial):.*\n/gm, ''),
    );
    expect(Object.keys(parse(folder.read('glompo.yaml')) as object)).toEqual(
      expect.arrayContaining(['optimizers', 'generator', 'hunters']),
    );
    expect(await plain()).toEqual(before);
  });

  it('shows examples that are right, too', async () => {
    using folder = new Folder();
    await runCli(['init', '--yes'], folder.path);
    const text = folder
      .read('glompo.yaml')
      .replaceAll(/^#(constraints:|cache:)/gm, '$1')
      .replaceAll('#  - a +', '  - a +')
      .replaceAll(/^( +)#(?=\S)/gm, '$1');
    folder.write('glompo.yaml', text);
    const { exitCode, stdout, stderr } = await runCli(['validate', 'glompo.yaml', '--json'], folder.path);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      constraints: ['a + 2*b <= 15'],
      stop: { any: [{}, { 'target-value': {} }, { 'max-seconds': {} }, { 'no-improvement': {} }] },
      manager: { timeoutSeconds: 60 },
      checkpoints: { everySeconds: 600 },
      cache: { tolerance: 0 },
    });
  });

  it.each([
    [
      [],
      /^glompo: there is no terminal to ask on: give --task .* and --parameter name:min:max .*; or --yes for defaults$/,
    ],
    [
      ['--task', 'module:t.ts'],
      'glompo: there is no terminal to ask on: give --parameter name:min:max; or --yes for defaults',
    ],
    [['--task', 'command', ...K], "glompo: --task command needs --command 'PROGRAM ARGUMENT {k}'"],
    [
      ['--task', 'module:t.ts', '--command', 'true', ...K],
      'glompo: --command: unexpected beside --task module',
    ],
    [['--task', 'benchmark:sphere', ...K], 'glompo: --parameter: a benchmark brings its parameters along'],
    [['--task', 'benchmark:spere'], /expected the name of a benchmark, got spere; did you mean sphere\?/],
    [['--task', 'ruby:t.rb'], /expected module:FILE, .* got ruby:t\.rb/],
    [['--task', 'module:task.py'], /expected a \.ts, \.js or \.mjs file, got task\.py/],
    [['--task', 'python:fit.rb'], /expected file\.py:function or file\.py, got fit\.rb/],
    [['--command', 'echo "a'], /expected a quote to be closed in echo "a/],
    [['--command', 'nosuchprogram {k}', ...K], /^glompo: there is no program nosuchprogram on PATH/],
    [['--command', 'echo {q}', ...K], /^glompo: unknown parameter q/],
    [['--parameter', 'k:0'], /expected name:min:max, name:min:max:log or name:min:max:integer, got k:0/],
    [['--parameter', 'k:a:1'], /expected a number as a bound, got a/],
    [['--parameter', 'k:2:1'], /expected a number > min \(2\) as max, got 1/],
    [['--parameter', 'k:0:1:log'], /expected a number > 0 as min, as the scale is log, got 0/],
    [['--parameter', 'k:0.5:3:integer'], /expected integers as bounds, got 0\.5 and 3/],
    [['--parameter', 'k:0:1:real'], /expected log or integer behind the bounds, got real/],
    [['--yes', ...K, ...K], /^glompo: expected a name of its own, got "k"/],
    [['--yes', '--evaluations', '0'], /expected an integer >= 1, got 0/],
  ])('tells what was expected, and writes nothing: %j', async (flags, message) => {
    using folder = new Folder();
    const { exitCode, stdout, stderr } = await runCli(['init', 'fit.yaml', ...flags], folder.path);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    for (const file of ['fit.yaml', 'task.ts', 't.ts']) expect(folder.has(file), file).toBe(false);
  });

  it('does not replace a file unless it is told to', async () => {
    using folder = new Folder();
    folder.write('glompo.yaml', 'mine');
    expect(await runCli(['init', '--yes'], folder.path)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'glompo: glompo.yaml exists; --overwrite replaces it',
    });
    expect(folder.read('glompo.yaml')).toBe('mine');
    expect(folder.has('task.ts')).toBe(false);
    expect(await runCli(['init', '--yes', '--overwrite'], folder.path)).toMatchObject({ exitCode: 0 });
    expect(folder.read('glompo.yaml')).toMatch(/^# yaml-language-server: /);
  });
});

describe.skipIf(!hasTerminal)('glompo init on a terminal', () => {
  it('asks, says what is wrong with an answer, and writes what runs', async () => {
    using folder = new Folder();
    using terminal = new Terminal(`'${process.execPath}' '${bin}' init fit.yaml`, folder.path);
    await terminal.until('What is to be minimized?');
    terminal.press('Down', 'Enter');
    await terminal.answer('Its file and name', 'fit.py:loss');
    await terminal.answer('A parameter', 'k:3:1');
    await terminal.until('expected a number > min (3) as max, got 1');
    terminal.press('BSpace', '9', 'Enter');
    await terminal.answer(/Another one[^]*$/, 'k:0:1');
    await terminal.until('expected another name: there is a k already');
    terminal.press('C-u');
    terminal.press('Enter');
    await terminal.answer('How many evaluations?', '50');
    await terminal.answer('How many at once?', '');
    await terminal.answer('There is no fit.py. Write one to begin with?', '');
    await terminal.until('[exit 0]');
    const config = parse(folder.read('fit.yaml')) as Plain;
    expect(config).toMatchObject({
      task: { python: 'fit.py:loss' },
      parameters: [{ name: 'k', min: 3, max: 9 }],
      stop: { any: [{ 'max-evaluations': 50 }] },
    });
    const { exitCode, stderr } = await runCli(['run', 'fit.yaml', '--dir', 'run'], folder.path);
    expect(exitCode, stderr).toBe(0);
  });

  it('asks only for what flags do not say, and writes nothing after Ctrl-C', async () => {
    using folder = new Folder();
    const command = `'${process.execPath}' '${bin}' init fit.yaml --task module:task.ts --parameter k:0:1 --max-jobs 1`;
    using terminal = new Terminal(command, folder.path);
    const screen = await terminal.until('How many evaluations?');
    expect(screen).not.toContain('minimized');
    terminal.press('C-c');
    await terminal.until('[exit 130]');
    for (const file of ['fit.yaml', 'task.ts']) expect(folder.has(file), file).toBe(false);
  });
});

describe('the packages of the system', () => {
  it.each(['README.md', '.ci/run'])('%s names what the tests of terminals need', (name) => {
    const text = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    expect(text).toMatch(/apt(?:-get)? install .*\btmux\b/);
  });
});
