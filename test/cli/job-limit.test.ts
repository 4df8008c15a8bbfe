import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bin, runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const script = new URL('../../examples/cluster/resume-loop.sbatch', import.meta.url).pathname;

let folder: Folder;
let marked: Marked;
beforeEach(() => {
  folder = new Folder();
  marked = new Marked();
});
afterEach(() => {
  marked[Symbol.dispose]();
  folder[Symbol.dispose]();
});

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (holds()) return;
    await sleep(15);
  }
  throw new Error(`never came: ${what}`);
}

const evaluations = (): number => {
  try {
    return query<{ n: number }>(folder.at('run'), 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
};

interface Setup {
  readonly budget: number;
  readonly backend?: string;
  readonly evaluate?: string;
  readonly task?: string;
  readonly more?: string;
}

/** A run of two optimizers, 10 ms an evaluation. */
function configure({ budget, backend = 'threads', evaluate = 'inline', task = '', more = '' }: Setup): void {
  folder.write(
    'task.mjs',
    `import { appendFileSync } from 'node:fs';
    export default async (x, { optimizerId, candidateId }) => {
      appendFileSync(new URL('started', import.meta.url), optimizerId + '/' + candidateId + '\\n');
      ${task}
      await new Promise((resolve) => setTimeout(resolve, 10));
      return x[0] ** 2 + x[1] ** 2;
    };`,
  );
  folder.write(
    'c.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [{ cma-es: { evaluate: ${evaluate} } }, { random: { evaluate: ${evaluate} } }]
hunters: none
stop: { max-evaluations: ${budget} }
manager: { maxJobs: 2, seed: 1, backend: ${backend}${more} }
`,
  );
}

const RUN = ['run', 'c.yaml', '--dir', 'run', '--json'];

/** Calls are numbered without a gap up to the budget, and no candidate was evaluated twice. */
function expectWhole(budget: number): void {
  const [row] = query<object>(
    folder.at('run'),
    `SELECT count(*) AS n, max(call_id) AS last, count(DISTINCT optimizer_id || '/' || candidate_id) AS candidates,
       (SELECT count(*) FROM optimizers WHERE status = 'running') AS running FROM evaluations`,
  );
  expect(row).toEqual({ n: budget, last: budget, candidates: budget, running: 0 });
}

/** Whether a process listens on any TCP port. */
function listens(pid: number): boolean {
  try {
    const listening = new Set(
      ['tcp', 'tcp6'].flatMap((name) =>
        readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
          .split('\n')
          .map((line) => line.trim().split(/\s+/))
          .filter(([, , , state]) => state === '0A')
          .map((columns) => `socket:[${columns[9]}]`),
      ),
    );
    return readdirSync(`/proc/${pid}/fd`).some((fd) => listening.has(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    // It has ended in between.
    return false;
  }
}

describe('a run at the limit of its job', () => {
  it.each([
    ['SIGUSR1', 'processes_forced', 'processes'],
    ['SIGUSR2', 'threads', 'threads'],
  ] as const)(
    'is suspended by %s with a checkpoint, leaves nothing behind and goes on: %s/%s',
    async (signal, backend, evaluate) => {
      configure({ budget: 300, backend, evaluate });
      const run = startCli(RUN, folder.path);
      await until(() => evaluations() > 20, 'evaluations');
      run.kill(signal);
      const { exitCode, stdout, stderr } = await run;
      expect(exitCode, stderr).toBe(75);
      expect(JSON.parse(stdout)).toMatchObject({ isSuspended: true, stopReason: `job limit: ${signal}` });
      expect(stderr).toContain(`To go on: glompo resume ${folder.at('run')}`);
      expect(await marked.gone(2000)).toEqual([]);
      const before = evaluations();
      expect(query(folder.at('run'), 'SELECT call_id, reason FROM checkpoints')).toEqual([
        { call_id: before, reason: 'job-limit' },
      ]);
      const status = await runCli(['status', 'run'], folder.path);
      expect(status.stdout).toMatch(new RegExp(`^suspended: job limit: ${signal}\n`));
      expect(before).toBeLessThan(300);
      const resumed = await runCli(['resume', 'run', '--json'], folder.path);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      expect(JSON.parse(resumed.stdout)).toMatchObject({ evaluations: 300, isSuspended: false });
      expectWhole(300);
    },
  );

  it('takes a limit of a month, as clusters have them', async () => {
    configure({ budget: 20 });
    const { exitCode, stderr } = await runCli([...RUN, '--time-limit', String(30 * 24 * 3600)], folder.path);
    expect(exitCode, stderr).toBe(0);
    expect(evaluations()).toBe(20);
  });

  it('goes on in a loop of `resume --time-limit` until it has used exactly its budget', async () => {
    configure({ budget: 350 });
    let sessions = 1;
    let { exitCode } = await runCli([...RUN, '--time-limit', '0.7'], folder.path);
    // However slow the machine is, one of them gets that far.
    for (; exitCode === 75; sessions++) {
      const limit = String(0.7 * 1.25 ** sessions);
      ({ exitCode } = await runCli(['resume', 'run', '--json', '--time-limit', limit], folder.path));
    }
    expect(exitCode).toBe(0);
    expect(sessions).toBeGreaterThan(1);
    expectWhole(350);
    const marks = query<{ name: string }>(folder.at('run'), 'SELECT name FROM checkpoints');
    expect(marks.map(({ name }) => name)).toEqual(
      Array.from({ length: sessions - 1 }, (_, i) => `checkpoint-${i + 1}`),
    );
  });

  it.skipIf(process.platform !== 'linux')(
    'opens no debugger when SIGUSR1 goes to all of its process group, and does not end for one more',
    async () => {
      configure({
        budget: 100_000,
        backend: 'processes',
        task: 'if (candidateId === 30) await new Promise((r) => setTimeout(r, 1500));',
      });
      const run = execa(process.execPath, [bin, ...RUN], {
        cwd: folder.path,
        reject: false,
        stdin: 'ignore',
        detached: true,
      });
      await until(() => readStarted().some((candidate) => candidate.endsWith('/30')), 'a long evaluation');
      const pids = marked.alive();
      process.kill(-run.pid!, 'SIGUSR1');
      for (const pid of pids) process.kill(pid, 'SIGUSR1');
      await until(
        () => count(`SELECT count(*) AS n FROM events WHERE type = 'suspended'`) === 1,
        'the suspension',
      );
      for (const pid of marked.alive()) expect(listens(pid)).toBe(false);
      process.kill(-run.pid!, 'SIGUSR2');
      const { exitCode, stderr } = await run;
      expect(exitCode, stderr).toBe(75);
      expect(stderr).not.toMatch(/debugger/i);
      // Nor did any of its children print that, or anything.
      expect(folder.has('run/streams')).toBe(false);
      // The long evaluation was waited for.
      expect(count('SELECT count(*) AS n FROM evaluations WHERE candidate_id = 30')).toBeGreaterThan(0);
      expect(await marked.gone(2000)).toEqual([]);
    },
  );

  it('is suspended as soon as it has begun by a signal that came before', async () => {
    configure({ budget: 300 });
    folder.write(
      'late.mjs',
      `import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync('loading')) {
        const heard = Promise.withResolvers();
        process.once('SIGUSR1', () => heard.resolve());
        writeFileSync('loading', '');
        const timer = setInterval(() => {}, 1000);
        await heard.promise;
        clearInterval(timer);
      }
      export default {};`,
    );
    const run = startCli([...RUN, '--set', 'plugins=[late.mjs]'], folder.path);
    await until(() => folder.has('loading'), 'the plug-in');
    run.kill('SIGUSR1');
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(75);
    expect(stderr).not.toMatch(/debugger/i);
    expect((await runCli(['resume', 'run', '--json'], folder.path)).exitCode).toBe(0);
    expectWhole(300);
  });

  it('evaluates again what took longer than `endTimeoutSeconds`, also when SIGTERM follows', async () => {
    configure({
      budget: 60,
      task: `if (optimizerId === 2 && candidateId === 9 && !process.env.SECOND) await new Promise((r) => setTimeout(r, 60_000));`,
      more: ', endTimeoutSeconds: 1',
    });
    const run = startCli(RUN, folder.path);
    await until(() => readStarted().includes('2/9'), 'the long evaluation');
    run.kill('SIGUSR1');
    await until(
      () => count(`SELECT count(*) AS n FROM events WHERE type = 'suspended'`) === 1,
      'the suspension',
    );
    run.kill('SIGTERM');
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(75);
    expect(await marked.gone(2000)).toEqual([]);
    process.env['SECOND'] = 'yes';
    try {
      const resumed = await runCli(['resume', 'run', '--json'], folder.path);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
    } finally {
      delete process.env['SECOND'];
    }
    expectWhole(60);
    expect(readStarted().filter((candidate) => candidate === '2/9')).toHaveLength(2);
  });
});

// oxlint-disable-next-line typescript/explicit-function-return-type -- execa's own type says most
function startScript(environment: Record<string, string>, ...args: string[]) {
  return execa(
    'bash',
    ['-c', `chmod +x glompo bin/scontrol; exec bash ${script} "$@"`, 'bash', 'c.yaml', 'run', ...args],
    {
      cwd: folder.path,
      reject: false,
      stdin: 'ignore',
      env: { GLOMPO: './glompo', PATH: `${folder.at('bin')}:${process.env['PATH']}`, ...environment },
    },
  );
}

describe('the batch script for Slurm', () => {
  beforeEach(() => {
    folder.write('glompo', `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`);
    folder.write('bin/scontrol', `#!/bin/sh\necho "$@" >> ${folder.at('requeued')}\n`);
  });
  it('resumes by itself until the run has ended', async () => {
    // Long enough for a session to come to its evaluations on a loaded machine, short enough that one does not do them all.
    configure({ budget: 800 });
    const { exitCode, stderr } = await startScript({}, '--time-limit', '2.5');
    expect(exitCode, stderr).toBe(0);
    expectWhole(800);
    expect(count(`SELECT count(*) AS n FROM events WHERE type = 'resumed'`)).toBeGreaterThan(0);
  });

  it('passes on the signal of Slurm, goes back into the queue, and resumes the run then', async () => {
    configure({ budget: 300 });
    const first = startScript({ SLURM_JOB_ID: '77' });
    await until(() => evaluations() > 10, 'evaluations');
    first.kill('SIGUSR1');
    const { exitCode, stderr } = await first;
    expect(exitCode, stderr).toBe(0);
    expect(folder.read('requeued')).toBe('requeue 77\n');
    expect(evaluations()).toBeLessThan(300);
    expect((await startScript({ SLURM_JOB_ID: '77' })).exitCode).toBe(0);
    expectWhole(300);
    expect(await marked.gone(2000)).toEqual([]);
  });

  it('ends with the code of a run that fails', async () => {
    folder.write('c.yaml', 'task: { benchmark: none-such }\n');
    expect((await startScript({})).exitCode).toBe(2);
  });
});

function readStarted(): readonly string[] {
  return existsSync(folder.at('started')) ? folder.read('started').split('\n') : [];
}

function count(sql: string): number {
  return query<{ n: number }>(folder.at('run'), sql)[0]!.n;
}
