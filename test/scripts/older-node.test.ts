import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const bin = path.join(root, 'dist', 'cli', 'bin.js');

/** What Node.js 22 has not got of what this one has, and glompo uses. */
const WITHOUT = `for (const name of ['DisposableStack', 'AsyncDisposableStack', 'SuppressedError']) delete globalThis[name];`;

it.skipIf(!existsSync(bin)).each(['inline', 'threads', 'processes'])(
  'the command as it is built needs no classes that Node.js 22 has not got, with backend %s',
  async (backend) => {
    using folder = new Folder();
    const file = folder.write('without.mjs', WITHOUT);
    folder.write(
      'fit.yaml',
      `task: { benchmark: sphere, dimension: 2 }
stop: { max-evaluations: 50 }
manager: { maxJobs: 2, backend: ${backend}, seed: 1 }
`,
    );
    const { exitCode, stderr, stdout } = await execa(
      process.execPath,
      [bin, 'run', 'fit.yaml', '--dir', 'run', '--json'],
      {
        cwd: folder.path,
        reject: false,
        // It comes to threads and processes, too.
        env: { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` },
      },
    );
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 50 });
  },
);
