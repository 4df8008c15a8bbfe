import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GloMPOManager, type MessageLevel } from '../../src/index.ts';
import { runCli, startCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const QUICK = `task: { benchmark: sphere, dimension: 3 }
optimizers: [random, random]
hunters: { min-evaluations: 50 }
stop: { max-evaluations: 400 }
manager: { maxJobs: 2, seed: 5, huntFrequency: 100, reproducible: true }
`;

interface Line {
  readonly level: MessageLevel;
  readonly component: string;
  readonly event?: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

const linesOf = (name: string): readonly Line[] =>
  folder
    .read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const FILE = 'run/glompo.log';
const types = (lines: readonly Line[]): readonly unknown[] => lines.map(({ event }) => event);

/** A run that waits for `glompo stop`. */
function endless(backend: string): void {
  folder.write(
    'slow.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 10)); return x[0] ** 2; };',
  );
  folder.write(
    'c.yaml',
    `task: { module: slow.mjs }
parameters: [{ name: a, min: -5, max: 5 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 1, seed: 1, backend: ${backend} }
`,
  );
}

const heard = async (text: string | RegExp): Promise<void> => {
  await expect.poll(() => (folder.has(FILE) ? folder.read(FILE) : ''), { timeout: 45_000 }).toMatch(text);
};

describe('the file of messages of a run', () => {
  it('says with what it began, what happened, and how it ended', async () => {
    folder.write('c.yaml', QUICK);
    const { exitCode } = await runCli(['run', 'c.yaml', '--dir', 'run'], folder.path);
    expect(exitCode).toBe(0);
    const lines = linesOf(FILE);
    expect(lines[0]).toMatchObject({
      level: 'info',
      component: 'manager',
      versions: { glompo: expect.any(String), node: process.versions.node },
      seed: 5,
      backend: 'threads',
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ component: 'hosts', containment: expect.stringMatching(/none|pid|cgroup/) }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ component: 'cli', config: folder.at('c.yaml'), runDir: folder.at('run') }),
    );
    expect(lines.find(({ event }) => event === 'kill')).toMatchObject({
      level: 'info',
      component: 'manager',
      message: expect.stringMatching(/^optimizer \d+ killed by \d+: min-evaluations/),
    });
    expect(lines.at(-1)).toMatchObject({
      message: expect.stringMatching(/^ended after 400 evaluations, best value /),
      evaluations: 400,
      isSuspended: false,
    });
    expect(lines.some(({ level }) => level === 'debug')).toBe(false);
  });

  it('is added to when the run goes on, and removed with it', async () => {
    folder.write('c.yaml', QUICK);
    await runCli(['run', 'c.yaml', '--dir', 'run'], folder.path);
    const before = linesOf(FILE).length;
    await runCli(['resume', 'run', '--set', 'stop.max-evaluations=600'], folder.path);
    const lines = linesOf(FILE);
    expect(lines[before]).toMatchObject({ message: expect.stringMatching(/goes on with a run$/) });
    expect(lines.find(({ event }) => event === 'resumed')).toMatchObject({
      message: 'resumed, with stop.max-evaluations',
    });
    await runCli(['run', 'c.yaml', '--dir', 'run', '--overwrite'], folder.path);
    expect(linesOf(FILE).some(({ event }) => event === 'resumed')).toBe(false);
  });

  it('keeps more with --verbose, --log-level and GLOMPO_LOG', async () => {
    folder.write('c.yaml', QUICK);
    const run = async (...flags: readonly string[]): Promise<readonly Line[]> => {
      await runCli(['run', 'c.yaml', '--dir', 'run', '--overwrite', ...flags], folder.path);
      return linesOf(FILE);
    };
    expect(types(await run('--verbose'))).toEqual(expect.arrayContaining(['hunt', 'incumbent', 'kill']));
    expect(types(await run('--log-level', 'error,manager=info'))).toContain('kill');
    const few = await run('--log-level', 'debug,manager=error');
    expect(few.map(({ component }) => component)).not.toContain('manager');
    process.env['GLOMPO_LOG'] = 'debug';
    try {
      expect(types(await run())).toContain('hunt');
    } finally {
      delete process.env['GLOMPO_LOG'];
    }
    const wrong = await runCli(['run', 'c.yaml', '--log-level', 'loud'], folder.path);
    expect(wrong).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('expected a level (error, warn, info, debug), got "loud"'),
    });
  });

  it('has the commands and the signals that a run was given', async () => {
    endless('threads');
    const run = startCli(['run', 'c.yaml', '--dir', 'run', '--quiet'], folder.path);
    await heard('optimizer-started');
    await runCli(['pause', 'run'], folder.path);
    await runCli(['unpause', 'run'], folder.path);
    await runCli(['stop', 'run', '77'], folder.path);
    await heard('command stop-optimizer refused: there is no optimizer 77 in this run');
    run.kill('SIGINT');
    await run;
    const lines = linesOf(FILE);
    for (const command of ['pause', 'unpause'])
      expect(lines).toContainEqual(
        expect.objectContaining({
          level: 'info',
          component: 'control',
          message: `command ${command}`,
          command,
        }),
      );
    expect(lines).toContainEqual(expect.objectContaining({ component: 'cli', signal: 'SIGINT' }));
  });

  it('has the crash that ended the manager, as an error', async () => {
    folder.write(
      'crash.mjs',
      'export default (x) => { setTimeout(() => { throw new Error("on purpose"); }); return x[0]; };',
    );
    folder.write(
      'c.yaml',
      'task: { module: crash.mjs }\nparameters: [{ name: a, min: 0, max: 1 }]\nmanager: { backend: inline }\n',
    );
    const { exitCode, stderr } = await runCli(['run', 'c.yaml', '--dir', 'run', '--quiet'], folder.path);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /The run failed: on purpose\nWhat was evaluated is in .*; to go on: glompo resume .*$/,
    );
    expect(linesOf(FILE).at(-1)).toMatchObject({
      level: 'error',
      component: 'manager',
      message: 'nobody caught: on purpose',
      stack: expect.stringContaining('crash.mjs'),
    });
  });

  it('has no secret of a task or of the environment in it', async () => {
    folder.write(
      'c.yaml',
      `task:
  command: ['sh', '-c', 'echo "$DB_URL $HIDDEN_TOKEN" >&2; exit 3']
  environment: { set: { DB_URL: 'postgres://me:hunter2@db' } }
parameters: [{ name: a, min: 0, max: 1 }]
stop: { max-evaluations: 3 }
manager: { maxJobs: 1, onFailure: abort }
`,
    );
    process.env['HIDDEN_TOKEN'] = 'tok-123456';
    try {
      const { exitCode } = await runCli(['run', 'c.yaml', '--dir', 'run', '--verbose'], folder.path);
      expect(exitCode).toBe(1);
    } finally {
      delete process.env['HIDDEN_TOKEN'];
    }
    const text = folder.read(FILE);
    expect(text).not.toMatch(/hunter2|tok-123456/);
    // What the program said is told all the same.
    expect(linesOf(FILE).find(({ event }) => event === 'run-failed')).toMatchObject({
      level: 'error',
      message: expect.stringContaining('*** ***'),
    });
  });

  it('does not matter to a run that cannot write it', async () => {
    folder.write('c.yaml', QUICK);
    mkdirSync(folder.at(FILE), { recursive: true });
    const { exitCode, stdout } = await runCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 400 });
  });
});

describe('standard error', () => {
  it('has nothing but errors with --quiet', async () => {
    folder.write('c.yaml', QUICK);
    const { stdout, stderr } = await runCli(['run', 'c.yaml', '--dir', 'run', '--quiet'], folder.path);
    expect(stdout).toMatch(/^Best value /);
    expect(stderr).toBe('');
    const again = await runCli(['run', 'c.yaml', '--dir', 'run', '-q'], folder.path);
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('holds a run already') });
    const both = await runCli(['run', 'c.yaml', '--quiet', '--verbose'], folder.path);
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot be used with') });
  });

  it('has what is worth a line with --verbose, and all with twice that', async () => {
    folder.write('c.yaml', QUICK);
    const run = async (flag: string): Promise<string> =>
      (await runCli(['run', 'c.yaml', '--dir', 'run', '--overwrite', flag], folder.path)).stderr;
    const some = await run('--verbose');
    expect(some).toMatch(/^\d\d:\d\d:\d\d info {2}manager: optimizer \d+ killed by/m);
    expect(some).not.toMatch(/ debug /);
    // Nothing is told twice.
    expect(some.match(/optimizer \d+ killed by/g)).toHaveLength(
      new Set(some.match(/optimizer \d+ killed by/g)).size,
    );
    expect(await run('-vv')).toMatch(/^\d\d:\d\d:\d\d debug manager: hunt: /m);
  });
});

describe('a manager that a program made', () => {
  it('leaves no file, and tells the logger that it is given', async () => {
    const told: string[] = [];
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      stop: { 'max-evaluations': 20 },
      manager: { backend: 'inline' },
      dir: folder.at('run'),
      logger: {
        log(level, component, message) {
          told.push(`${level} ${component} ${message}`);
        },
      },
    });
    await manager.start();
    expect(folder.has(FILE)).toBe(false);
    expect(told[0]).toMatch(/^info manager glompo .* begins a run$/);
    expect(told.at(-1)).toMatch(/^info manager ended after 20 evaluations/);
  });
});
