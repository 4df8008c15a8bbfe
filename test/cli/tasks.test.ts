import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** A run of a module task in two parameters. */
function configFor(task: string, more = ''): string {
  return `task: { module: ${task} }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
stop: { max-evaluations: 60 }
manager: { maxJobs: 2, seed: 3${more} }
`;
}

interface Row {
  readonly status: string;
  readonly error: string | null;
  readonly count: number;
}

const COUNTS = 'SELECT status, error, count(*) AS count FROM evaluations GROUP BY 1, 2 ORDER BY 1, 2';

/** What is wrong with an evaluation costs that evaluation, and no optimizer. */
describe.each(['inline', 'threads', 'processes'])('on backend %s, a task that', (backend) => {
  it.each([
    ['throws', "() => { throw new TypeError('no such file') }", 'task threw TypeError: no such file'],
    ['rejects', "async () => { throw new RangeError('too big') }", 'task threw RangeError: too big'],
    ['throws a text', "() => { throw 'oops' }", 'task threw "oops", which is not an Error'],
    [
      'returns a text',
      '() => "12"',
      'task returned "12", expected a finite number or { value, extras?, violation? }',
    ],
    [
      'returns nothing',
      '() => {}',
      'task returned undefined, expected a finite number or { value, extras?, violation? }',
    ],
    ['returns NaN', '() => NaN', 'task returned NaN'],
    ['returns Infinity', '() => Infinity', 'task returned Infinity'],
    ['returns -Infinity', '() => ({ value: -Infinity })', 'task returned value -Infinity'],
  ])('%s costs evaluations, each recorded with its message', async (_, source, error) => {
    using folder = new Folder();
    folder.write('task.mjs', `export default ${source};`);
    const config = folder.write('c.yaml', configFor('task.mjs', `, backend: ${backend}`));
    const { exitCode, stdout, stderr } = await runCli(['run', config, '--dir', 'run', '--json'], folder.path);
    expect(stderr).not.toContain('crashed');
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as object;
    expect(result).toMatchObject({ fx: null, x: null, evaluations: 60, optimizers: { crashed: 0 } });
    expect(query<Row>(folder.at('run'), COUNTS)).toEqual([{ status: 'failed', error, count: 60 }]);
  });

  it('never answers is cancelled when the time is up, and leaves nothing behind', async () => {
    using folder = new Folder();
    folder.write('task.mjs', 'export default () => new Promise(() => {});');
    const text = configFor('task.mjs', `, backend: ${backend}, endTimeoutSeconds: 0.2`);
    const config = folder.write('c.yaml', text.replace('max-evaluations: 60', 'max-seconds: 1.5'));
    const { exitCode, stdout } = await runCli(['run', config, '--dir', 'run', '--json'], folder.path);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as { evaluations: number };
    expect(result).toMatchObject({ fx: null, stopReason: expect.stringContaining('max-seconds') });
    // One for each slot, unless the machine was too busy to start both in time.
    expect([1, 2]).toContain(result.evaluations);
    const error = 'cancelled: its optimizer was ended while it ran';
    expect(query<Row>(folder.at('run'), COUNTS)).toEqual([
      { status: 'cancelled', error, count: result.evaluations },
    ]);
  });

  it('prints to standard output does not disturb the result, which is one line', async () => {
    using folder = new Folder();
    folder.write(
      'task.mjs',
      `console.log('loading');
export default (x) => { console.log('evaluating', x); process.stdout.write('no newline'); return x[0] ** 2 + x[1] ** 2; };`,
    );
    const config = folder.write('c.yaml', configFor('task.mjs', `, backend: ${backend}`));
    const { exitCode, stdout } = await runCli(['run', config, '--dir', 'run', '--json'], folder.path);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      evaluations: 60,
      names: ['a', 'b'],
      seed: 3,
      runDir: folder.at('run'),
    });
  });
});

describe('a task that calls process.exit', () => {
  const source = 'export default (x) => { if (x[0] > 0) process.exit(3); return x[1]; };';

  it('is refused inline, at the cost of that evaluation', async () => {
    using folder = new Folder();
    folder.write('task.mjs', source);
    const config = folder.write('c.yaml', configFor('task.mjs', ', backend: inline'));
    const { exitCode } = await runCli(['run', config, '--dir', 'run', '--json'], folder.path);
    expect(exitCode).toBe(0);
    const errors = query<Row>(folder.at('run'), COUNTS).filter(({ status }) => status === 'failed');
    expect(errors.map(({ error }) => error)).toEqual([
      'task threw CodedError: process.exit(3) would end the manager; use manager.backend threads or processes',
    ]);
  });

  it.each(['threads', 'processes'])(
    'costs its optimizer on %s, and the run ends with the cause when all do',
    async (backend) => {
      using folder = new Folder();
      folder.write('task.mjs', 'export default () => process.exit(3);');
      const config = folder.write('c.yaml', configFor('task.mjs', `, backend: ${backend}`));
      const { exitCode, stderr } = await runCli(['run', config, '--dir', 'run', '--json'], folder.path);
      expect(exitCode).toBe(1);
      const what = backend === 'threads' ? 'thread' : 'process';
      expect(stderr).toContain(
        `6 optimizers in a row crashed before their first evaluation; the last one: its ${what} ended with exit code 3`,
      );
    },
  );
});

describe('a task that cannot be loaded', () => {
  it.each([
    ['does not exist', 'missing.ts', undefined, 'does not exist'],
    ['does not parse', 'task.mjs', 'export default function (x) { return x[0] + ; }', 'does not parse'],
    [
      'has TypeScript that cannot be stripped',
      'task.ts',
      'enum Kind { A }\nexport default (): number => Kind.A;',
      'enum',
    ],
    [
      'exports nothing callable',
      'task.mjs',
      'export const answer = 42;',
      'exports answer (42); expected a function or an object with evaluate',
    ],
    ['throws when it is imported', 'task.mjs', "throw new Error('no licence');", 'no licence'],
    [
      'ends the process when it is imported',
      'task.mjs',
      'process.exit(4);',
      'it called process.exit(4) while it was loaded',
    ],
  ])(
    'because it %s is told at its place in the configuration; nothing is started or written',
    async (_, name, source, message) => {
      using folder = new Folder();
      if (source !== undefined) folder.write(name, source);
      folder.write('c.yaml', configFor(name));
      const { exitCode, stdout, stderr } = await runCli(
        ['run', 'c.yaml', '--dir', 'run', '--json'],
        folder.path,
      );
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^c\.yaml:1:\d+ task\.module: /);
      expect(stderr).toContain(message);
      expect(existsSync(folder.at('run'))).toBe(false);
    },
  );
});
