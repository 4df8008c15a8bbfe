import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { processesOf } from '../support/processes.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

function endless(folder: Folder): string {
  folder.write(
    'task.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 5)); return x[0] ** 2; };',
  );
  return folder.write(
    'endless.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 2, seed: 1, backend: threads }
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

function evaluations(dir: string): number {
  try {
    return query<{ n: number }>(dir, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
}

describe('glompo dashboard', () => {
  it('prints the addresses, serves until it is interrupted, and leaves the run alone', async () => {
    using folder = new Folder();
    folder.write(
      'quick.yaml',
      'task: { benchmark: sphere, dimension: 2 }\nstop: { max-evaluations: 50 }\nmanager: { backend: inline }\n',
    );
    await runCli(['run', 'quick.yaml', '--dir', 'run'], folder.path);
    const served = startCli(['dashboard', 'run', '--json'], folder.path);
    const [line] = (await once(served.stdout, 'data')) as [Buffer];
    const { url, viewerUrl, port } = JSON.parse(String(line)) as {
      url: string;
      viewerUrl: string;
      port: number;
    };
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/[\\w-]{12}/\\?token=[\\w-]{32}$`));
    expect(viewerUrl).not.toBe(url);
    expect((await fetch(url)).status).toBe(200);
    served.kill('SIGINT');
    expect((await served).exitCode).toBe(130);
    expect(evaluations(folder.at('run'))).toBe(50);
  });

  it.each([
    [['dashboard', 'nowhere'], 'there is no run log'],
    [['dashboard', '.', '--port', '0'], 'expected a port from 1 to 65535, got 0'],
    [['dashboard', '.', '--port', 'http'], 'expected a port from 1 to 65535, got http'],
    [['dashboard'], "missing required argument 'dir'"],
    [['run', 'quick.yaml', '--dashboard', '70000'], 'expected a port from 1 to 65535, got 70000'],
  ])('says what is wrong with %j', async (args, message) => {
    using folder = new Folder();
    const { exitCode, stderr, stdout } = await runCli(args, folder.path);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('starts nothing when its port is taken', async () => {
    using folder = new Folder();
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' ? address!.port : 0;
    const { exitCode, stderr } = await runCli(
      ['run', endless(folder), '--dir', 'run', '--dashboard', String(port)],
      folder.path,
    );
    holder.close();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cannot serve the page on port ${port} of 127.0.0.1`);
    expect(folder.has('run/run.sqlite')).toBe(false);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('ends with its run, whose manager got %s', async (signal) => {
    using folder = new Folder();
    const dir = folder.at('run');
    const run = startCli(['run', endless(folder), '--dir', dir, '--dashboard'], folder.path);
    run.stderr.resume();
    await until(() => evaluations(dir) > 10, 'evaluations');
    const served = processesOf('dashboard-entry').filter((pid) => pid !== run.pid);
    expect(served.length).toBeGreaterThan(0);
    run.kill(signal);
    await run;
    const mine = new Set(served);
    await until(() => !processesOf('dashboard-entry').some((pid) => mine.has(pid)), 'the end of the page');
  });
});
