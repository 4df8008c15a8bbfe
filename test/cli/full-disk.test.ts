import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { bin, runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { canMount, SmallDisk } from '../support/small-disk.ts';

function configIn(folder: Folder, manager: string): void {
  folder.write('task.mjs', `export default ([a]) => a * a;`);
  folder.write(
    'c.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 10000000 }
manager: { maxJobs: 2, backend: threads, seed: 1, ${manager} }
`,
  );
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error(`never came: ${what}`);
}

function evaluationsIn(directory: string): number {
  return query<{ n: number }>(directory, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
}

function pauses(directory: string, type: 'pause' | 'unpause'): number {
  try {
    return query<{ n: number }>(directory, `SELECT count(*) AS n FROM events WHERE type = '${type}'`)[0]!.n;
  } catch {
    return 0;
  }
}

describe('a run whose log may not grow further', () => {
  it.runIf(process.platform === 'linux')(
    'ends with what SQLite says, where, and what to look at',
    async () => {
      using folder = new Folder();
      configIn(folder, 'minFreeBytes: 0');
      // A write beyond the limit fails with EFBIG, as one beyond a quota does with EDQUOT.
      const limited = `trap '' XFSZ; ulimit -f 8000; exec "$0" "$@"`;
      const args = [process.execPath, bin, 'run', 'c.yaml', '--dir', 'run', '--json'];
      const { exitCode, stderr } = await execa('bash', ['-c', limited, ...args], {
        cwd: folder.path,
        reject: false,
        stdin: 'ignore',
      });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /^The run failed: cannot write the run log .*run\.sqlite \(SQLITE_IOERR_WRITE: /m,
      );
      expect(stderr).toContain('a quota is used up');
      expect(evaluationsIn(folder.at('run'))).toBeGreaterThan(1000);
      expect(query(folder.at('run'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    },
  );
});

// Where mounting is not permitted there is no disk that may be filled.
describe.skipIf(!canMount)('a run on a disk that fills up', () => {
  it('ends with what is full and what to do, and everything that was acknowledged is in the log', async () => {
    using folder = new Folder();
    using disk = new SmallDisk('6m');
    configIn(folder, 'minFreeBytes: 0');
    const { exitCode, stdout, stderr } = await runCli(
      ['run', 'c.yaml', '--dir', disk.at('run'), '--json'],
      folder.path,
    );
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    const message = `no room is left for the run log ${disk.at('run/run.sqlite')}: the disk that ${disk.at('run')} is on is full`;
    expect(stderr).toContain(`The run failed: ${message}`);
    expect(stderr).toContain('choose another directory (--dir, or manager.logDir for the log alone)');
    // Room was kept for the last words.
    const status = await runCli(['status', disk.at('run'), '--json'], folder.path);
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'failed',
      stopReason: expect.stringContaining(message) as string,
      evaluations: evaluationsIn(disk.at('run')),
    });
    expect(evaluationsIn(disk.at('run'))).toBeGreaterThan(1000);
    expect(query(disk.at('run'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const told = /"evaluations":(\d+)/.exec(status.stdout)![1]!;
    expect(query(disk.at('run'), 'SELECT max(call_id) AS n FROM evaluations')).toEqual([{ n: Number(told) }]);
    const table = await runCli(['export', disk.at('run'), '--format', 'csv'], folder.path);
    expect(table.stdout.split('\n')).toHaveLength(Number(told) + 1);
  });

  it('is paused before that, says how to go on, and goes on by itself when there is room', async () => {
    using folder = new Folder();
    // A quick task writes some 30 MB a second, and the guard looks once a second.
    using disk = new SmallDisk('512m');
    const ballast = disk.at('ballast');
    writeFileSync(ballast, Buffer.alloc(310 * 2 ** 20, 1));
    configIn(folder, 'minFreeBytes: 200000000');
    const run = startCli(['run', 'c.yaml', '--dir', disk.at('run'), '--json'], folder.path);
    await until(() => pauses(disk.at('run'), 'pause') === 1, 'a pause');
    const { stdout } = await runCli(['status', disk.at('run')], folder.path);
    expect(stdout).toMatch(
      /^running, paused \(free-space: [\d.]+ MB are free in .*run, where the log is, fewer than 191 MB; make room, and the run goes on by itself, or say glompo unpause/,
    );
    expect(pauses(disk.at('run'), 'unpause')).toBe(0);
    truncateSync(ballast);
    await until(() => pauses(disk.at('run'), 'unpause') === 1, 'an end of the pause');
    await runCli(['stop', disk.at('run')], folder.path);
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('pause: free-space:');
  });

  it('has a copy that fails, goes on, and keeps the log where it is when it cannot be brought home', async () => {
    using folder = new Folder();
    using disk = new SmallDisk('4m');
    writeFileSync(disk.at('ballast'), Buffer.alloc(2 * 2 ** 20, 1));
    configIn(folder, 'logDir: logs, logCopySeconds: 1');
    const args = ['run', 'c.yaml', '--dir', disk.at('run'), '--json', '--set', 'stop.max-evaluations=60000'];
    const { exitCode, stdout, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`cannot copy the run log ${folder.at('logs/run-')}`);
    expect(stderr).toContain('this machine reads it there');
    const before = await runCli(['status', disk.at('run'), '--json'], folder.path);
    expect(JSON.parse(before.stdout)).toMatchObject({ state: 'finished', evaluations: 60000 });
    expect(existsSync(disk.at('run/run.sqlite.copy'))).toBe(false);
    rmSync(disk.at('ballast'));
  });
});
