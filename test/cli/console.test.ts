import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { bin } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** How the command ends. @param stdout a descriptor, or a pipe that nobody reads */
async function endOf(
  args: readonly string[],
  cwd: string,
  stdout: number | 'pipe' = 'pipe',
): Promise<readonly [number, string]> {
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['ignore', stdout, 'pipe'] });
  // Before it has begun.
  child.stdout?.destroy();
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  return [exitCode as number, stderr];
}

function statusOf(folder: Folder): unknown {
  const [row] = query<{ value: string }>(folder.at('run'), "SELECT value FROM run WHERE key = 'status'");
  return JSON.parse(row!.value);
}

const CONFIG = `task: { benchmark: sphere, dimension: 2 }
stop: { max-evaluations: 500 }
manager: { backend: inline }
`;

describe('a standard output that nobody reads any more', () => {
  it.each([['schema'], ['list', '--json'], ['--help'], ['completion', 'bash']])(
    'is no failure of %s %s',
    async (...args) => {
      using folder = new Folder();
      expect(await endOf(args, folder.path)).toEqual([0, '']);
    },
  );

  it('is none of a run, which goes on to its end', async () => {
    using folder = new Folder();
    folder.write('c.yaml', CONFIG);
    const args = ['run', 'c.yaml', '--dir', 'run', '--quiet', '--json'];
    expect(await endOf(args, folder.path)).toEqual([0, '']);
    expect(statusOf(folder)).toBe('finished');
    expect(folder.read('run/report.html')).toContain('</html>');
    // The code is the command's own.
    const [exitCode, stderr] = await endOf(args, folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^glompo: .* holds a run already[^\n]*\n$/);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a standard output that cannot be written', () => {
  it('is told in one line, and is a failure of the command', async () => {
    using folder = new Folder();
    folder.write('c.yaml', CONFIG);
    const stdout = openSync('/dev/full', 'w');
    for (const args of [
      ['run', 'c.yaml', '--dir', 'run', '-q'],
      ['schema'],
      ['export', 'run', '--format', 'csv'],
    ])
      expect(await endOf(args, folder.path, stdout)).toEqual([
        1,
        'glompo: cannot write to standard output: ENOSPC: no space left on device, write\n',
      ]);
    closeSync(stdout);
    expect(statusOf(folder)).toBe('finished');
  });
});
