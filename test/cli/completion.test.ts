import { chmodSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin, runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { hasTerminal, Terminal } from '../support/terminal.ts';

const hasZsh = spawnSync('zsh', ['--version']).status === 0;

/** A folder with configurations and runs, and the command on PATH by its name. */
function place(): Folder {
  const folder = new Folder();
  for (const file of [
    'fit.yaml',
    'other fit.yml',
    'notes.txt',
    'runs/a/run.sqlite',
    'runs/b/run.sqlite',
    '.hidden.yaml',
  ])
    folder.write(file, '');
  const command = folder.write('.bin/glompo', `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
  chmodSync(command, 0o755);
  return folder;
}

const environment = (folder: Folder): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${folder.at('.bin')}${path.delimiter}${process.env['PATH']}`,
});

/** What bash would offer. @param words as bash splits them, the last one being typed */
function inBash(folder: Folder, words: readonly string[]): readonly string[] {
  const script = `
    source <(glompo completion bash)
    COMP_WORDS=(glompo "$@"); COMP_CWORD=$#
    _glompo
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: folder.path,
    env: environment(folder),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

describe('completion in bash', () => {
  it.each([
    [['st'], ['status', 'stop']],
    [['comp'], ['completion']],
    [['list', 'ch'], ['checkers']],
    [
      ['export', 'runs/a', '--format', ''],
      ['csv', 'jsonl', 'parquet'],
    ],
    [['export', 'runs/a', '--format', '=', 'c'], ['csv']],
    [
      ['export', 'runs/a', '--format', '='],
      ['csv', 'jsonl', 'parquet'],
    ],
    [['export', '--f'], ['--format']],
    [
      ['export', '--format', 'csv', '--'],
      ['--output', '--overwrite', '--json', '--help'],
    ],
    [
      ['run', ''],
      ['fit.yaml', 'other fit.yml', 'runs/'],
    ],
    [['run', 'other\\ '], ['other fit.yml']],
    [['validate', 'f'], ['fit.yaml']],
    [
      ['run', 'fit.yaml', '--set', 'manager.seed=1', '--se'],
      ['--set', '--seed'],
    ],
    [
      ['run', 'fit.yaml', '--dir', 'runs/'],
      ['runs/a', 'runs/b'],
    ],
    [['status', ''], ['runs/']],
    [
      ['resume', 'runs/'],
      ['runs/a', 'runs/b'],
    ],
    [['stop', 'runs/a', ''], []],
    [['bench', 'rep'], ['report']],
    [
      ['bench', 'report', '--h'],
      ['--html', '--help'],
    ],
    [['bench', 'fi'], ['fit.yaml']],
    [
      ['bench', '--suite', 'nist'],
      ['nist', 'nist-scalar'],
    ],
    [['bench', '--suite', '=', 'bb'], ['bbob']],
    [['bench', '--into', ''], ['runs/']],
    [['bench', '--seeds', ''], []],
    [
      ['bench', '--suite', 'bbob', ''],
      ['report', 'fit.yaml', 'other fit.yml', 'runs/'],
    ],
    [
      ['run', 'fit.yaml', '--log-level', ''],
      ['error', 'warn', 'info', 'debug'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh'],
    ],
    [['status', 'nowhere/'], []],
    [['nosuch', ''], []],
  ])('of %j offers %j', (words, expected) => {
    using folder = place();
    expect(inBash(folder, words)).toEqual(expected);
  });

  it('offers the live optimizers of a run, and the checkpoints', async () => {
    using folder = place();
    folder.write(
      'task.mjs',
      'export default async ([a]) => { await new Promise((r) => setTimeout(r, 20)); return a; };',
    );
    folder.write(
      'live.yaml',
      `task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 1 }]
optimizers: [random]
stop: { max-evaluations: 100000 }
manager: { maxJobs: 2 }
checkpoints: { atStart: true, name: first }
`,
    );
    const run = startCli(['run', 'live.yaml', '--dir', 'live'], folder.path);
    await expect
      .poll(
        () => {
          try {
            return query(folder.at('live'), "SELECT 1 FROM optimizers WHERE status = 'running'").length;
          } catch {
            return 0;
          }
        },
        { timeout: 30_000 },
      )
      .toBe(2);
    expect(inBash(folder, ['stop', 'live', ''])).toEqual(['1', '2']);
    expect(inBash(folder, ['resume', 'live', '--at', 'f'])).toEqual(['first']);
    expect(await runCli(['stop', 'live', '--wait'], folder.path)).toMatchObject({ exitCode: 0 });
    await run;
    expect(inBash(folder, ['stop', 'live', ''])).toEqual([]);
  });

  it.skipIf(!hasTerminal)('completes what is typed on a terminal', async () => {
    using folder = place();
    const shell = `PATH='${folder.at('.bin')}':"$PATH" PS1='> ' bash --norc --noprofile`;
    using terminal = new Terminal(shell, folder.path);
    await terminal.answer('>', 'source <(glompo completion bash); echo so"urced"');
    await terminal.until('\nsourced');
    terminal.type('glompo val', 'Tab');
    await terminal.until('glompo validate ');
    terminal.type('oth', 'Tab');
    await terminal.until('glompo validate other\\ fit.yml ');
    terminal.type('--js', 'Tab');
    expect(await terminal.until('--json ')).toContain('glompo validate other\\ fit.yml --json ');
  });
});

describe.skipIf(!hasZsh)('completion in zsh', () => {
  it('is a script that zsh reads', async () => {
    using folder = place();
    const { exitCode, stdout } = await runCli(['completion', 'zsh'], folder.path);
    expect(exitCode).toBe(0);
    expect(spawnSync('zsh', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it.skipIf(!hasTerminal)('completes what is typed on a terminal', async () => {
    using folder = place();
    const shell = `PATH='${folder.at('.bin')}':"$PATH" PS1='> ' zsh -f`;
    using terminal = new Terminal(shell, folder.path);
    const loaded =
      'autoload -Uz compinit && compinit -u -D && source <(glompo completion zsh); echo so"urced"';
    await terminal.answer('>', loaded);
    await terminal.until('\nsourced');
    terminal.type('glompo val', 'Tab');
    await terminal.until('glompo validate ');
    terminal.type('oth', 'Tab');
    await terminal.until('glompo validate other\\ fit.yml');
    terminal.press('C-u');
    terminal.type('glompo export runs/a --format=pa', 'Tab');
    await terminal.until('glompo export runs/a --format=parquet');
    terminal.press('C-u');
    terminal.type('glompo status ru', 'Tab');
    await terminal.until('glompo status runs/');
    // No blank came behind it.
    terminal.type('a');
    expect(await terminal.until('runs/a')).toContain('glompo status runs/a');
  });
});

describe('glompo completion', () => {
  it('tells which shells there are, and how it is used', async () => {
    using folder = new Folder();
    expect(await runCli(['completion', 'tcsh'], folder.path)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Allowed choices are bash, zsh.'),
    });
    const { stdout } = await runCli(['completion', '--help'], folder.path);
    expect(stdout).toContain('source <(glompo completion bash)');
    expect((await runCli(['--help'], folder.path)).stdout).not.toMatch(/^ {2}complete /m);
  });
});
