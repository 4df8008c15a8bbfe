import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const index = path.resolve(import.meta.dirname, '..', '..', 'src', 'index.ts');

it('is warned of before a run starts more optimizers than it may have memory for', async () => {
  using folder = new Folder();
  // Here nobody waits until they are there.
  const program = `
    import { GloMPOManager } from ${JSON.stringify(index)};
    const logger = { log: (level, _, message) => level === 'warn' && (console.log(message), process.exit()) };
    const task = { benchmark: 'sphere', dimension: 2 };
    const manager = { backend: 'processes', maxJobs: 1e6 };
    await new GloMPOManager({ task, manager, stop: { 'max-evaluations': 1e9 }, dir: 'run', logger }).start();`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder.path,
  });
  expect(stdout).toMatch(
    /^up to 1000000 optimizers may run at once, which take about 48800 GB as processes, and there are [\d.]+ GB of memory: set a lower manager\.maxJobs/,
  );
});
