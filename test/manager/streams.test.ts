import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { StreamFiles } from '../../src/manager/stream-files.ts';
import { Folder } from '../support/folder.ts';

describe.each([
  ['inline', 'inline'],
  ['threads', 'inline'],
  ['threads', 'threads'],
  ['threads', 'processes'],
  ['processes', 'inline'],
  ['processes', 'threads'],
  ['processes_forced', 'processes'],
])('what a task prints on level 1 %s, level 2 %s', (backend, evaluate) => {
  it('goes to its optimizer`s own files, and empty files are not left', async () => {
    using folder = new Folder();
    folder.write(
      'task.mjs',
      `export default async (x, { optimizerId, candidateId }) => {
        process.stdout.write('out of ' + optimizerId + ' ' + candidateId + '\\n');
        await new Promise((resolve) => setTimeout(resolve, 1));
        // Only the second complains, after having waited.
        if (optimizerId === 2) process.stderr.write('err of ' + optimizerId + ' ' + candidateId + '\\n');
        return x[0];
      };`,
    );
    const config = await resolveConfig(
      {
        task: { module: 'task.mjs' },
        parameters: [{ name: 'a', min: 0, max: 1 }],
        optimizers: [{ random: { evaluate } }],
        hunters: 'none',
        stop: { 'max-evaluations': 1500 },
        manager: { maxJobs: 2, backend, seed: 1 },
      },
      { baseDir: folder.path },
    );
    {
      await using manager = new GloMPOManager({ config, dir: folder.at('run') });
      await manager.start();
    }
    expect(readdirSync(folder.at('run/streams')).toSorted()).toEqual([
      'optimizer-0001.out',
      'optimizer-0002.err',
      'optimizer-0002.out',
    ]);
    const lines = (name: string): string[] => folder.read(`run/streams/${name}`).trim().split('\n');
    for (const id of [1, 2]) {
      const out = lines(`optimizer-000${id}.out`);
      expect(out.filter((line) => !line.startsWith(`out of ${id} `))).toEqual([]);
    }
    expect(lines('optimizer-0002.err').filter((line) => !line.startsWith('err of 2 '))).toEqual([]);
    const printed = lines('optimizer-0001.out').length + lines('optimizer-0002.out').length;
    // A thread or process may be ended before its last prints are on their way, but not many.
    expect(printed).toBeGreaterThan(1450);
  });
});

describe('stream files', () => {
  it('are cut with a note when they grow too large', async () => {
    using folder = new Folder();
    {
      await using files = new StreamFiles(folder.path, 10);
      for (const text of ['12345', '67', '89abc', 'def'])
        files.sink(3, 'out', new TextEncoder().encode(text));
    }
    expect(folder.read('streams/optimizer-0003.out')).toBe('123456789a\n[cut by glompo after 10 bytes]\n');
  });
});
