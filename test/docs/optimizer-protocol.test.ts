import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const PYTHON = new URL('../../python', import.meta.url).pathname;
/** The whole optimizer of the page, and that in the description of its Python module. */
const PAGE = /```python\n([^]*?)```/u.exec(read('docs/optimizer-protocol.md'))![1]!;
const MODULE = /\n\n( {4}from glompo[^]*?)\n\nNeeds/u.exec(read('python/glompo/ask_tell.py'))![1]!;

describe('the examples of optimizers in Python', () => {
  it.each([
    ['the page of the protocol', PAGE],
    [
      'ask_tell.py',
      `import sys; sys.path.insert(0, ${JSON.stringify(PYTHON)})\n${MODULE.replaceAll(/^ {4}/gmu, '')}\n`,
    ],
  ])('do what %s says: they minimize', async (_, source) => {
    using folder = new Folder();
    folder.write('mine.py', source);
    folder.write(
      'c.yaml',
      `task: { benchmark: sphere, dimension: 2 }
optimizers: [{ program: [python3, mine.py] }]
hunters: none
stop: { max-evaluations: 400 }
manager: { maxJobs: 1, seed: 1, backend: threads }
`,
    );
    const { exitCode, stdout, stderr } = await runCli(
      ['run', 'c.yaml', '--dir', 'run', '--json'],
      folder.path,
    );
    expect(exitCode, stderr).toBe(0);
    expect((JSON.parse(stdout) as { fx: number }).fx).toBeLessThan(0.1);
    const crashed = query(folder.at('run'), "SELECT reason FROM optimizers WHERE status = 'crashed'");
    expect(crashed).toEqual([]);
  });
});
