import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { bin, runCli, startCli } from '../support/cli.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { hasNats, TestWorker } from '../support/cluster.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

if (!hasNats) console.warn('no nats-server here: runs on other machines are not tested');

const TASK = `export default async (x, { candidateId }) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return x.reduce((sum, v) => sum + v * v, 0);
};`;

/** A run of so many evaluations of 20 ms, and where it is. */
function prepare(folder: Folder, evaluations: number, more = ''): string {
  folder.write('task.mjs', TASK);
  folder.write(
    'fit.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [cma-es, random]
stop: { max-evaluations: ${evaluations} }
manager: { seed: 3${more} }
`,
  );
  return folder.at('run');
}

interface Counts {
  readonly rows: number;
  readonly candidates: number;
  readonly counted: number;
  readonly last: number;
}

function countsOf(dir: string): Counts {
  const [counts] = query<Counts>(
    dir,
    `SELECT count(*) AS rows, count(DISTINCT optimizer_id || '/' || candidate_id) AS candidates,
     sum(counted) AS counted, max(call_id) AS last FROM evaluations`,
  );
  return counts!;
}

/** All of a budget, each once. */
const exactly = (evaluations: number): Counts => ({
  rows: evaluations,
  candidates: evaluations,
  counted: evaluations,
  last: evaluations,
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

function evaluationsIn(dir: string): number {
  try {
    return query<{ n: number }>(dir, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
}

function eventsOf(dir: string): readonly string[] {
  return query<{ message: string }>(
    dir,
    `SELECT message FROM events WHERE type = 'cluster' ORDER BY rowid`,
  ).map(({ message }) => message);
}

describe.skipIf(!hasNats)('a run on other machines', () => {
  it('spends its budget exactly, with workers that come late, go, and are killed; none of them is left', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const dir = prepare(folder, 800);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own', '--json'], folder.path);
    const worker = (): ReturnType<typeof startCli> =>
      startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    // Until somebody comes, it says that nobody is there.
    const told: Buffer[] = [];
    run.stderr.on('data', (chunk: Buffer) => told.push(chunk));
    await until(() => Buffer.concat(told).includes('no worker is there'));
    const [killed, drained] = [worker(), worker()];
    await until(() => evaluationsIn(dir) > 60);
    killed.kill('SIGKILL');
    const late = worker();
    await until(() => evaluationsIn(dir) > 150);
    drained.kill('SIGTERM');
    expect((await drained).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await run;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^worker \d+ on \S+ was not heard of for too long: what it was at goes to others$/m,
    );
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 800 });
    expect(countsOf(dir)).toEqual(exactly(800));
    expect((await late).exitCode).toBe(0);
    const events = eventsOf(dir).join('\n');
    for (const word of ['joined with 2 slots', 'left after', 'was not heard of'])
      expect(events).toContain(word);
    const { stdout: status } = await runCli(['status', dir], folder.path);
    expect(status).toMatch(/workers {6}.*1 lost/);
    const workers = query<{ worker: string }>(dir, 'SELECT DISTINCT worker FROM evaluations');
    expect(workers).toHaveLength(3);
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('goes on after its manager was killed, with the workers that stayed', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const dir = prepare(folder, 300);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = startCli(
      ['worker', 'fit.yaml', '--join', dir, '--slots', '2', '--linger', '60'],
      folder.path,
    );
    await until(() => evaluationsIn(dir) > 50);
    expect(statSync(folder.at('run/engine.json')).mode & 0o777).toBe(0o600);
    const { token } = (
      JSON.parse(readFileSync(folder.at('run/engine.json'), 'utf8')) as { connection: { token: string } }
    ).connection;
    run.kill('SIGKILL');
    await run;
    const { exitCode, stdout } = await runCli(['resume', dir, '--engine', 'own', '--json'], folder.path);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 300 });
    expect(countsOf(dir)).toEqual(exactly(300));
    expect((await worker).exitCode).toBe(0);
    // No secret is in a log, nor left behind.
    expect(folder.has('run/engine.json')).toBe(false);
    for (const file of ['run/run.sqlite', 'run/glompo.log', 'run/config.yaml'])
      expect(folder.bytes(file).includes(token)).toBe(false);
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('is suspended although its workers have gone before it, and leave to nobody what waits for them', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const dir = prepare(folder, 400, ', endTimeoutSeconds: 3600');
    folder.write(
      'fit.yaml',
      folder.read('fit.yaml').replace('[cma-es, random]', '[{ random: { workers: 16 } }]'),
    );
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    await until(() => evaluationsIn(dir) > 50);
    worker.kill('SIGUSR1');
    await worker;
    run.kill('SIGUSR1');
    expect((await run).exitCode).toBe(75);
    expect((await runCli(['status', dir], folder.path)).stdout).toMatch(/^suspended: job limit: SIGUSR1\n/);
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '2', '--linger', '30');
    expect((await runCli(['resume', dir, '--engine', 'own'], folder.path)).exitCode).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(400));
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('starts an optimizer that could use more workers than there are, and finds them with the token of the run', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 40, ', maxJobs: 2');
    folder.write(
      'fit.yaml',
      folder.read('fit.yaml').replace('[cma-es, random]', '[{ random: { workers: 8 } }]'),
    );
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    // A setting for other engines takes nothing away from what the run says.
    const worker = await execa(
      process.execPath,
      [bin, 'worker', 'fit.yaml', '--join', dir, '--slots', '2', '--linger', '30'],
      { cwd: folder.path, reject: false, env: { GLOMPO_ENGINE_URL: '' } },
    );
    expect(worker.exitCode, worker.stderr).toBe(0);
    expect((await run).exitCode).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(40));
    // It goes on with an engine, and not on this machine, which has not so many slots.
    const more = ['resume', dir, '--set', 'stop.max-evaluations=60'];
    const alone = await runCli(more, folder.path);
    expect(alone.exitCode).toBe(2);
    expect(alone.stderr).toContain('random.workers: expected at most maxJobs (2) without an engine, got 8');
    const resumed = startCli([...more, '--engine', 'own'], folder.path);
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '2', '--linger', '30');
    const { exitCode, stderr } = await resumed;
    expect(exitCode, stderr).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(60));
  });

  it('is refused where an optimizer is evaluated here alone, and could never have the slots it asks for', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 40, ', maxJobs: 2');
    const optimizers = 'optimizers=[{ random: { workers: 8, evaluate: threads } }]';
    const args = ['run', 'fit.yaml', '--dir', dir, '--engine', 'own', '--set', optimizers];
    const { exitCode, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('random.workers: expected at most maxJobs (2), got 8');
  });

  it('does so for a program that states its run itself', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 40);
    await using manager = new GloMPOManager({
      task: { module: 'task.mjs' },
      parameters: [
        { name: 'a', min: -5, max: 5 },
        { name: 'b', min: -5, max: 5 },
      ],
      optimizers: [{ random: { workers: 8 } }],
      stop: { 'max-evaluations': 40 },
      manager: { maxJobs: 2, containment: 'none' },
      baseDir: folder.path,
      dir,
      engine: {},
    });
    const result = manager.start();
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '2', '--linger', '30');
    expect((await result).evaluations).toBe(40);
    expect(countsOf(dir)).toEqual(exactly(40));
  });

  it('has the points of the optimizer of higher priority evaluated first, where slots are few', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 400, ', maxJobs: 16');
    const optimizers = '[{ random: { workers: 8 } }, { sobol: { workers: 8, priority: 1 } }]\nhunters: none';
    folder.write('fit.yaml', folder.read('fit.yaml').replace('[cma-es, random]', optimizers));
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = (slots: number): ReturnType<typeof startCli> =>
      startCli(['worker', 'fit.yaml', '--join', dir, '--slots', String(slots)], folder.path);
    // Both are started, and then there is one slot for the points of both.
    const [many, one] = [worker(16), worker(1)];
    const types = (): readonly string[] =>
      query<{ type: string }>(
        dir,
        'SELECT type FROM evaluations JOIN optimizers USING (optimizer_id) ORDER BY call_id',
      ).map(({ type }) => type);
    await until(() => evaluationsIn(dir) > 60 && new Set(types()).size === 2);
    many.kill('SIGTERM');
    await many;
    const before = evaluationsIn(dir);
    const { exitCode } = await run;
    expect(exitCode).toBe(0);
    await one;
    expect(countsOf(dir)).toEqual(exactly(400));
    // Some were in the engine already; and what was allotted to the other of the budget it has at the end.
    const next = types().slice(before, before + 100);
    expect(next.filter((type) => type === 'sobol').length).toBeGreaterThan(80);
  });

  it('keeps the priority of optimizers when it goes on after its manager was killed', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 500, ', maxJobs: 16');
    const optimizers = '[{ random: { workers: 8 } }, { sobol: { workers: 8, priority: 1 } }]\nhunters: none';
    folder.write('fit.yaml', folder.read('fit.yaml').replace('[cma-es, random]', optimizers));
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = (slots: number): ReturnType<typeof startCli> =>
      startCli(
        ['worker', 'fit.yaml', '--join', dir, '--slots', String(slots), '--linger', '60'],
        folder.path,
      );
    const [many, one] = [worker(16), worker(1)];
    const types = (after: number): readonly string[] =>
      query<{ type: string }>(
        dir,
        `SELECT type FROM evaluations JOIN optimizers USING (optimizer_id) WHERE call_id > ${after} ORDER BY call_id`,
      ).map(({ type }) => type);
    await until(() => evaluationsIn(dir) > 60 && new Set(types(0)).size === 2);
    run.kill('SIGKILL');
    await run;
    const first = evaluationsIn(dir);
    const resumed = startCli(['resume', dir, '--engine', 'own'], folder.path);
    await until(() => evaluationsIn(dir) > first + 60 && new Set(types(first)).size === 2);
    many.kill('SIGTERM');
    await many;
    const before = evaluationsIn(dir);
    const { exitCode, stderr } = await resumed;
    expect(exitCode, stderr).toBe(0);
    await one;
    expect(countsOf(dir)).toEqual(exactly(500));
    const next = types(before).slice(0, 100);
    expect(next.filter((type) => type === 'sobol').length).toBeGreaterThan(80);
  });

  it('ends no optimizer for being silent while it waits for machines, in a reproducible run either', async () => {
    using folder = new Folder();
    const dir = prepare(
      folder,
      40,
      ', maxJobs: 2, reproducible: true, allowTimed: true, forceTerminationsAfterSeconds: 0.5',
    );
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const started = (): number => {
      try {
        return query<{ n: number }>(dir, 'SELECT count(*) AS n FROM optimizers')[0]!.n;
      } catch {
        return 0;
      }
    };
    await until(() => started() === 2);
    // Longer than it may be silent.
    await sleep(2000);
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '2');
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(0);
    expect(countsOf(dir)).toEqual(exactly(40));
    expect(query(dir, `SELECT optimizer_id FROM optimizers WHERE status = 'crashed'`)).toEqual([]);
  });

  it('counts no points that waited for a worker and were given up, nor waits for those of an optimizer that is to end', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 4000, ', endTimeoutSeconds: 0.1');
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    await until(() => evaluationsIn(dir) > 20);
    worker.kill('SIGTERM');
    expect((await worker).exitCode).toBe(0);
    await sleep(500);
    run.kill('SIGINT');
    await run;
    expect(query(dir, `SELECT * FROM evaluations WHERE status = 'cancelled'`)).toEqual([]);
  });

  it('leaves to others what waits of an optimizer that is stopped', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 300);
    folder.write('task.mjs', TASK.replace('20)', '200)'));
    const optimizers = '[{ random: { workers: 40, maxStarts: 1 } }, { sobol: { workers: 1 } }]';
    folder.write('fit.yaml', folder.read('fit.yaml').replace('[cma-es, random]', optimizers));
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '1', '--linger', '30');
    await until(() => evaluationsIn(dir) > 2);
    const stopped = await runCli(['stop', dir, '1'], folder.path);
    expect(stopped.exitCode, stopped.stderr).toBe(0);
    const last = (): number =>
      query<{ n: number }>(dir, 'SELECT count(*) AS n FROM evaluations WHERE optimizer_id = 1')[0]!.n;
    await until(() => query(dir, 'SELECT 1 FROM evaluations WHERE optimizer_id = 2').length > 0);
    // Of its 40 points one was being evaluated, and some were in the engine.
    expect(last()).toBeLessThan(20);
    expect(query(dir, `SELECT * FROM evaluations WHERE status = 'cancelled'`)).toEqual([]);
    run.kill('SIGINT');
    await run;
  });

  it('is said to have the workers of this session, and the slots that it ever had', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 600, ', maxJobs: 2');
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const worker = startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    const logged = (): { readonly workers: readonly unknown[]; readonly mostSlots: number } =>
      JSON.parse(
        query<{ value: string }>(dir, `SELECT value FROM run WHERE key = 'cluster'`)[0]?.value ?? '{}',
      );
    await until(() => evaluationsIn(dir) > 20 && logged().mostSlots === 2);
    expect(evaluationsIn(dir)).toBeLessThan(600);
    for (const one of [run, worker]) one.kill('SIGKILL');
    await Promise.all([run, worker]);
    const alone = await runCli(['resume', dir], folder.path);
    expect(alone.exitCode, alone.stderr).toBe(0);
    expect((await runCli(['status', dir], folder.path)).stdout).toMatch(/workers {6}no worker is there/);
    const more = startCli(
      ['resume', dir, '--engine', 'own', '--set', 'stop.max-evaluations=640'],
      folder.path,
    );
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '1', '--linger', '30');
    expect((await more).exitCode).toBe(0);
    expect(logged()).toMatchObject({ mostSlots: 2 });
  });

  it('refuses a worker that has another task, and says in what', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 20);
    folder.write('other.yaml', folder.read('fit.yaml').replace('max: 5 }, {', 'max: 6 }, {'));
    folder.write('elsewhere/task.mjs', `${TASK}// newer`);
    folder.write('elsewhere/fit.yaml', folder.read('fit.yaml'));
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const other = await runCli(['worker', 'other.yaml', '--join', dir], folder.path);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(/parameters\[0\]: .*"max":6.* at the worker, .*"max":5.* at the manager/u);
    const newer = await runCli(['worker', 'elsewhere/fit.yaml', '--join', dir], folder.path);
    expect(newer.exitCode).toBe(2);
    expect(newer.stderr).toContain('task.mjs"} has another content at the worker than at the manager');
    await Promise.all([run, runCli(['worker', 'fit.yaml', '--join', dir], folder.path)]);
    expect(eventsOf(dir).filter((message) => message.includes('was refused'))).toHaveLength(2);
  });

  it('has the same log as on this machine alone, when it is launched many times and reproducible', async () => {
    using folder = new Folder();
    prepare(folder, 200, ', reproducible: true, maxJobs: 2');
    const alone = await runCli(['run', 'fit.yaml', '--dir', 'alone'], folder.path);
    expect(alone.exitCode).toBe(0);
    using marked = new Marked();
    const launched = await Promise.all(
      [0, 1, 2].map((rank) =>
        execa(process.execPath, [bin, 'run', 'fit.yaml', '--dir', 'launched'], {
          cwd: folder.path,
          reject: false,
          env: {
            OMPI_COMM_WORLD_RANK: String(rank),
            OMPI_COMM_WORLD_SIZE: '3',
            OMPI_COMM_WORLD_LOCAL_SIZE: '3',
            PMIX_NAMESPACE: 'test-1',
          },
        }),
      ),
    );
    expect(launched.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const rows = 'SELECT call_id, optimizer_id, candidate_id, hex(x), fx, status FROM evaluations';
    const decisions = `SELECT type, call_id, optimizer_id, message FROM events WHERE kind = 'decision'`;
    for (const sql of [rows, decisions])
      expect(query(folder.at('launched'), sql)).toEqual(query(folder.at('alone'), sql));
    const workers = query<{ worker: string }>(
      folder.at('launched'),
      'SELECT DISTINCT worker FROM evaluations',
    );
    expect(workers).toHaveLength(2);
    expect(await marked.gone(3000)).toEqual([]);
  });
});

/** Runs one of three processes as Open MPI starts them. @returns its exit code */
async function launch(folder: Folder, rank: number, ...args: readonly string[]): Promise<number | undefined> {
  const { exitCode } = await execa(process.execPath, [bin, ...args], {
    cwd: folder.path,
    reject: false,
    env: {
      OMPI_COMM_WORLD_RANK: String(rank),
      OMPI_COMM_WORLD_SIZE: '3',
      OMPI_COMM_WORLD_LOCAL_SIZE: '3',
      PMIX_NAMESPACE: 'test-2',
    },
  });
  return exitCode;
}

describe.skipIf(!hasNats)('processes that were launched with the one that manages', () => {
  it('do not wait for it where it has nothing to do, nor when they come after its end', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', dir], folder.path)).exitCode).toBe(0);
    const resume = (rank: number): Promise<number | undefined> => launch(folder, rank, 'resume', dir);
    expect(await Promise.all([0, 1, 2].map(resume))).toEqual([0, 0, 0]);
    expect(await resume(1)).toBe(0);
  });

  it('do not wait for it where it has refused what is to be run', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', 'taken'], folder.path)).exitCode).toBe(0);
    for (const args of [
      ['--dir', 'taken'],
      ['--dir', 'new', '--set', 'manager.backend=inline'],
    ]) {
      const run = (rank: number): Promise<number | undefined> =>
        launch(folder, rank, 'run', 'fit.yaml', ...args);
      expect(await Promise.all([0, 1, 2].map(run))).toEqual([2, 0, 0]);
    }
  });
});

describe('an engine that is not to be had', () => {
  it.each([
    [['--engine', 'http://host:1'], /--engine: expected nats:\/\/host:4222/],
    [['--engine', 'nats://me:secret@host'], /no secrets in the address/],
    [['--engine', 'nats://127.0.0.1:9', '--engine-cert', 'a.pem'], /go together/],
  ])('is a mistake of the user’s: %j', async (args, message) => {
    using folder = new Folder();
    prepare(folder, 10);
    const { exitCode, stderr } = await runCli(['run', 'fit.yaml', '--dir', 'run', ...args], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret@');
  });

  it('leaves a run that was to go on with it as it was', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    expect((await runCli(['run', 'fit.yaml', '--dir', 'run'], folder.path)).exitCode).toBe(0);
    const facts = (): readonly unknown[] =>
      query(
        folder.at('run'),
        `SELECT key, value FROM run WHERE key IN ('status', 'stopReason', 'endedAt', 'endedBy', 'result', 'managerPid', 'config') ORDER BY 1`,
      );
    const before = facts();
    const more = ['--set', 'stop.max-evaluations=20', '--engine', 'nats://127.0.0.1:9'];
    expect((await runCli(['resume', 'run', ...more], folder.path)).exitCode).toBe(1);
    expect(facts()).toEqual(before);
    const again = await runCli(['resume', 'run'], folder.path);
    expect(again.stdout).toMatch(/^The run has ended already/);
  });

  it('is refused for a run in one thread before an earlier run is touched', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const run = ['run', 'fit.yaml', '--dir', 'run'];
    expect((await runCli(run, folder.path)).exitCode).toBe(0);
    const files = ['run/run.sqlite', 'run/config.yaml'];
    const before = files.map((file) => folder.bytes(file));
    const inline = ['--engine', 'own', '--set', 'manager.backend=inline'];
    for (const command of [
      [...run, '--overwrite'],
      ['resume', 'run', '--set', 'stop.max-evaluations=20'],
    ]) {
      const { exitCode, stderr } = await runCli([...command, ...inline], folder.path);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('manager.backend inline evaluates in this thread alone');
      for (const [i, file] of files.entries()) expect(folder.bytes(file).equals(before[i]!)).toBe(true);
    }
  });

  it('is said where a worker is not told which run is its own', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const { exitCode, stderr } = await runCli(['worker', 'fit.yaml'], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('expected --join DIR');
  });

  it('is said with where it was looked for', async () => {
    using folder = new Folder();
    prepare(folder, 10);
    const args = ['run', 'fit.yaml', '--dir', 'run', '--engine', 'nats://127.0.0.1:9'];
    const { exitCode, stderr } = await runCli(args, folder.path);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/nats:\/\/127\.0\.0\.1:9/);
  });
});
