import { execa } from 'execa';
import { expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const source = new URL('../../src/log/sqlite-log.ts', import.meta.url).href;

/** How often a process that commits 100 times, and is then killed, waits for the disk. */
async function countFlushes(durability: 'commit' | 'full'): Promise<number> {
  using folder = new Folder();
  const program = `
    import { SqliteLog } from ${JSON.stringify(source)};
    const log = new SqliteLog('run.sqlite', 1, '${durability}');
    for (let i = 0; i < 100; i++) log.set({ i });
    process.kill(process.pid, 'SIGKILL');`;
  const trace = ['-f', '-e', 'trace=fsync,fdatasync', '-o', 'trace'];
  await execa('strace', [...trace, process.execPath, '--input-type=module', '--eval', program], {
    cwd: folder.path,
    reject: false,
  });
  return folder.read('trace').match(/f(data)?sync\(/g)?.length ?? 0;
}

/** Not everywhere: it has to be installed, and allowed. */
const { exitCode } = await execa('strace', ['-o', '/dev/null', 'true'], { reject: false });

it.skipIf(exitCode !== 0)('waits for the disk at each commit with `full` alone', async () => {
  const [commit, full] = await Promise.all([countFlushes('commit'), countFlushes('full')]);
  expect(commit).toBeLessThan(20);
  expect(full - commit).toBeGreaterThanOrEqual(100);
});
