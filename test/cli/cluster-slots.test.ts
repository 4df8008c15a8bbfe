import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { TestEngine } from '../backends/cluster/support.ts';
import { runCli, startCli } from '../support/cli.ts';
import { hasNats, TestWorker } from '../support/cluster.ts';
import { countsOf, evaluationsIn, eventsOf, exactly, prepare, TASK, until } from '../support/cluster-run.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

if (!hasNats) console.warn('no nats-server here: runs on other machines are not tested');

const OF_TWO_PRIORITIES =
  '[{ random: { workers: 8 } }, { sobol: { workers: 8, priority: 1 } }]\nhunters: none';

describe.skipIf(!hasNats).concurrent('slots of other machines', () => {
  it('starts an optimizer that could use more workers than there are, and finds them with the token of the run', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 40, ', maxJobs: 2', '[{ random: { workers: 8 } }]');
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    // A setting for other engines takes nothing away from what the run says.
    const args = ['worker', 'fit.yaml', '--join', dir, '--slots', '2', '--linger', '30'];
    const worker = await runCli(args, folder.path, { env: { GLOMPO_ENGINE_URL: '' } });
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

  it('is what a configuration is checked for, where it is to be', async () => {
    using folder = new Folder();
    prepare(folder, 40, ', maxJobs: 2');
    const validate = (...args: readonly string[]): ReturnType<typeof runCli> =>
      runCli(
        ['validate', 'fit.yaml', '--set', 'optimizers=[{ random: { workers: 8 } }]', ...args],
        folder.path,
      );
    const here = await validate();
    expect(here.exitCode).toBe(2);
    expect(here.stderr).toContain('random.workers: expected at most maxJobs (2) without an engine, got 8');
    const own = await validate('--engine', 'own');
    expect(own.exitCode, own.stderr).toBe(0);
    expect(own.stderr).toMatch(/the run starts an engine of its own with \S*nats-server/);
    const inline = await validate('--engine', 'own', '--set', 'manager.backend=inline');
    expect(inline.exitCode).toBe(2);
    expect(inline.stderr).toContain('manager.backend inline evaluates in this thread alone');
    await using engine = await TestEngine.start();
    const [server = ''] = engine.connection.servers;
    const there = await runCli(['validate', 'fit.yaml', '--engine', server], folder.path, {
      env: { GLOMPO_ENGINE_TOKEN: engine.connection.token ?? '' },
    });
    expect(there.exitCode, there.stderr).toBe(0);
    expect(there.stderr).toContain(`the engine at ${server} can be used`);
    const gone = await validate('--engine', 'nats://127.0.0.1:9');
    expect(gone.exitCode).toBe(1);
    expect(gone.stderr).toContain('the engine at nats://127.0.0.1:9 cannot be reached');
  });

  it('may be fewer than an optimizer could use, for a program that states its run itself, too', async () => {
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
    const dir = prepare(folder, 400, ', maxJobs: 16', OF_TWO_PRIORITIES);
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
    const dir = prepare(folder, 500, ', maxJobs: 16', OF_TWO_PRIORITIES);
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
    const optimizers = '[{ random: { workers: 40, maxStarts: 1 } }, { sobol: { workers: 1 } }]';
    const dir = prepare(folder, 300, '', optimizers);
    folder.write('task.mjs', TASK.replace('20)', '200)'));
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
    const dir = prepare(folder, 600, ', maxJobs: 5');
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
    const { exitCode, stdout } = await more;
    expect(exitCode).toBe(0);
    expect(logged()).toMatchObject({ mostSlots: 2 });
    expect(eventsOf(dir)).toContainEqual(expect.stringMatching(/^worker \d+ on \S+ joined with 1 slot$/));
    // As the report says it.
    expect(stdout).toMatch(/^Seed {9}3 on 2 slots \(threads\)$/m);
    expect(folder.read('run/report.html')).toContain('Optimizers ran on 2 slots');
  });

  it('has its use told once something was evaluated, and its workers in JSON, too', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 5000);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    const fact = (key: string): unknown => {
      try {
        const [row] = query<{ value: string }>(dir, `SELECT value FROM run WHERE key = '${key}'`);
        return row && JSON.parse(row.value);
      } catch {
        // There is no log yet.
        return undefined;
      }
    };
    // Its first measurement, before anybody came.
    await until(() => fact('resources') !== undefined);
    const worker = startCli(['worker', 'fit.yaml', '--join', dir, '--slots', '2'], folder.path);
    await until(() => evaluationsIn(dir) > 10 && fact('cluster') !== undefined);
    const utilisation = fact('utilisation');
    if (utilisation !== undefined) expect(utilisation).not.toMatchObject({ share: 0 });
    const { stdout } = await runCli(['status', dir, '--json'], folder.path);
    expect(JSON.parse(stdout)).toMatchObject({
      cluster: { workers: [{ host: hostname(), pid: worker.pid, slots: 2 }], slots: 2, mostSlots: 2 },
    });
    for (const one of [run, worker]) one.kill('SIGKILL');
    await Promise.all([run, worker]);
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
});
