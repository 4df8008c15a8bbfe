import { chmodSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { readLog } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { warmStartFaults } from '../../src/manager/other-run.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** Four minima, of which that at (-3, -3) is the best; not feasible in a corner. */
const TASK = `
export default function task(x, { parameters: { a, b } }) {
  const value = (a * a - 9) ** 2 / 9 + (b * b - 9) ** 2 / 9 + a + b;
  return { value, extras: { sum: a + b }, violation: a > 4 ? a - 4 : 0 };
}`;

const PARAMETERS = ['a', 'b'].map((name) => ({ name, min: -5, max: 5 }));

async function run(
  folder: Folder,
  dir: string,
  config: Readonly<Record<string, unknown>>,
  manager: Readonly<Record<string, unknown>> = {},
): Promise<RunResult> {
  if (!folder.has('task.js')) folder.write('task.js', TASK);
  const resolved = await resolveConfig(
    {
      task: { module: 'task.js' },
      parameters: PARAMETERS,
      hunters: 'none',
      ...config,
      manager: { maxJobs: 2, backend: 'inline', containment: 'none', seed: 3, ...manager },
    },
    { baseDir: folder.path },
  );
  await using started = new GloMPOManager({ config: resolved, dir: folder.at(dir) });
  return await started.start();
}

const first = (folder: Folder): Promise<RunResult> =>
  run(folder, 'old', { optimizers: ['nelder-mead'], stop: { 'max-evaluations': 900 } });

interface Row {
  readonly call_id: number;
  readonly optimizer_id: number;
  readonly x: string;
  readonly fx: number;
  readonly counted: number;
  readonly worker: string;
}

const rowsOf = (folder: Folder, dir: string, where = "status = 'ok'"): readonly Row[] =>
  query<Row>(
    folder.at(dir),
    `SELECT call_id, optimizer_id, hex(x) x, fx, violation, extras, started_at, duration_ms, counted, worker FROM evaluations WHERE ${where} ORDER BY call_id`,
  );

const fxOf = (folder: Folder, dir: string, callId: unknown): number =>
  rowsOf(folder, dir, `call_id = ${Number(callId)}`)[0]!.fx;

const eventsOf = (folder: Folder, dir: string, type: string): readonly Readonly<Record<string, unknown>>[] =>
  query<{ data: string }>(
    folder.at(dir),
    `SELECT data FROM events WHERE type = '${type}' ORDER BY event_id`,
  ).map(({ data }) => JSON.parse(data) as Readonly<Record<string, unknown>>);

describe.each(['inline', 'threads', 'processes'] as const)(
  'a run on %s that starts with another one',
  (backend) => {
    it('has its evaluations before its own, and does not count them; its optimizers are shown the minima', async () => {
      using folder = new Folder();
      const before = await first(folder);
      const result = await run(
        folder,
        'new',
        { optimizers: ['cma-es'], warmStart: 'old', stop: { 'max-evaluations': 300 } },
        { backend },
      );
      const theirs = rowsOf(folder, 'old');
      const copied = rowsOf(folder, 'new', 'optimizer_id = 0');
      expect(copied).toEqual(
        theirs.map((row, i) => ({
          ...row,
          call_id: i + 1,
          optimizer_id: 0,
          counted: 0,
          worker: 'warm start',
        })),
      );
      const own = rowsOf(folder, 'new', 'optimizer_id > 0');
      expect(own).toHaveLength(300);
      expect(own[0]!.call_id).toBe(copied.length + 1);
      expect(result.evaluations).toBe(300);
      expect(readLog(folder.at('new'), (reader) => reader.summary().evaluations)).toBe(300);
      expect(result.fx).toBeLessThanOrEqual(before.fx!);
      const shown = eventsOf(folder, 'new', 'inject').map(({ callId }) => fxOf(folder, 'new', callId));
      expect(shown.slice(0, 4)).toEqual(
        before.minima
          .slice(0, shown.length)
          .slice(0, 4)
          .map(({ fx }) => fx),
      );
      expect(eventsOf(folder, 'new', 'inject').map(({ to }) => to)).toEqual(shown.map((_, i) => [i + 1]));
      const [optimizer] = query<{ status: string; reason: string; evaluations: number }>(
        folder.at('new'),
        'SELECT status, reason, evaluations FROM optimizers WHERE optimizer_id = 0',
      );
      expect(optimizer).toEqual({
        status: 'stopped',
        reason: `of ${folder.at('old')}`,
        evaluations: copied.length,
      });
    });
  },
);

describe('a warm start', () => {
  it('shows each optimizer the best point, or nothing, when it is told so', async () => {
    using folder = new Folder();
    const { minima } = await first(folder);
    const config = { optimizers: ['cma-es'], stop: { 'max-evaluations': 100 } };
    await run(folder, 'best', { ...config, warmStart: { run: 'old', inject: 'best' } });
    await run(folder, 'none', { ...config, warmStart: { run: 'old', inject: 'none' } });
    const shown = eventsOf(folder, 'best', 'inject');
    expect(shown.length).toBeGreaterThan(1);
    for (const { callId } of shown) expect(fxOf(folder, 'best', callId)).toBe(minima[0]!.fx);
    expect(eventsOf(folder, 'none', 'inject')).toEqual([]);
  });

  it('feeds the cache: nothing is evaluated that the other run has', async () => {
    using folder = new Folder();
    const parameters = PARAMETERS.map((parameter) => ({ ...parameter, type: 'integer' }));
    const config = { parameters, optimizers: ['random'], cache: true };
    await run(folder, 'old', { ...config, stop: { 'max-evaluations': 60 } }, { maxJobs: 1 });
    await run(
      folder,
      'new',
      { ...config, warmStart: 'old', stop: { 'max-evaluations': 30 } },
      { maxJobs: 1 },
    );
    const points = rowsOf(folder, 'new', 'attempts > 0').map(({ x }) => x);
    expect(points).toHaveLength(90);
    expect(new Set(points).size).toBe(90);
    // And so on: what it was given is given on, once.
    await run(
      folder,
      'third',
      { ...config, warmStart: 'new', stop: { 'max-evaluations': 10 } },
      { maxJobs: 1 },
    );
    expect(new Set(rowsOf(folder, 'third', 'attempts > 0').map(({ x }) => x)).size).toBe(100);
    expect(eventsOf(folder, 'third', 'warm-start')).toMatchObject([{ rows: 90 }]);
  });

  it('goes on through suspensions: minima, call ids, books and injections are as without', async () => {
    using folder = new Folder();
    const { minima } = await first(folder);
    const config = { optimizers: ['cma-es'], warmStart: 'old', stop: { 'max-evaluations': 1500 } };
    folder.write('task.js', TASK);
    const resolved = await resolveConfig(
      {
        task: { module: 'task.js' },
        parameters: PARAMETERS,
        hunters: 'none',
        ...config,
        manager: { maxJobs: 1, backend: 'threads', containment: 'none', seed: 3 },
      },
      { baseDir: folder.path },
    );
    {
      await using manager = new GloMPOManager({ config: resolved, dir: folder.at('new') });
      manager.events$.subscribe(({ type, optimizerId }) => {
        if (type === 'optimizer-started' && optimizerId === 2) manager.suspend('test');
      });
      expect((await manager.start()).isSuspended).toBe(true);
    }
    // The other one is not needed any more.
    folder.write('old/run.sqlite', '');
    await using resumed = GloMPOManager.resume(folder.at('new'));
    const result = await resumed.start();
    expect(result.evaluations).toBe(1500);
    const ids = rowsOf(folder, 'new', '1').map(({ call_id }) => call_id);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
    const shown = eventsOf(folder, 'new', 'inject');
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.map(({ callId }) => fxOf(folder, 'new', callId))).toEqual(
      minima.slice(0, shown.length).map(({ fx }) => fx),
    );
    await expect(
      GloMPOManager.resume(folder.at('new'), { set: ['warmStart.inject=none'] }).start(),
    ).rejects.toThrow('warmStart cannot be changed when a run goes on');
  });

  it('ends a run at once that has found in it what it was to find', async () => {
    using folder = new Folder();
    const { fx } = await first(folder);
    const result = await run(folder, 'new', {
      warmStart: 'old',
      stop: { any: [{ 'target-value': fx! + 1 }, { 'max-evaluations': 99 }] },
    });
    expect(result).toMatchObject({ fx, evaluations: 0 });
    expect(result.stopReason).toContain('target-value');
  });

  it('is cut off with the log', async () => {
    using folder = new Folder();
    await first(folder);
    await run(folder, 'new', { optimizers: ['random'], warmStart: 'old', stop: { 'max-evaluations': 50 } });
    await using cut = GloMPOManager.resume(folder.at('new'), { at: 400, into: folder.at('cut') });
    const { evaluations } = await cut.start();
    expect(evaluations).toBe(50);
    expect(rowsOf(folder, 'cut', 'optimizer_id = 0')).toHaveLength(400);
    expect(readLog(folder.at('cut'), (reader) => reader.summary().evaluations)).toBe(50);
  });

  it('leaves out what is no point of this run, and matches parameters by name', async () => {
    using folder = new Folder();
    await first(folder);
    await run(folder, 'new', {
      parameters: [
        { name: 'b', min: -5, max: 0 },
        { name: 'a', min: -5, max: 5 },
      ],
      optimizers: ['random'],
      warmStart: 'old',
      stop: { 'max-evaluations': 10 },
    });
    const [event] = eventsOf(folder, 'new', 'warm-start');
    const { rows, leftOut } = event as { rows: number; leftOut: { outside: number } };
    expect(rows + leftOut.outside).toBe(900);
    expect(leftOut.outside).toBeGreaterThan(10);
    for (const { x } of query<{ x: Buffer }>(folder.at('new'), 'SELECT x FROM evaluations'))
      expect(x.readDoubleLE(0)).toBeLessThanOrEqual(0);
  });

  it('takes a log that has points alone', async () => {
    using folder = new Folder();
    {
      folder.write('bare/x', '');
      using log = new SqliteLog(folder.at('bare/run.sqlite'), 2);
      log.set({ status: 'finished', names: ['a', 'b'] });
      log.startOptimizer({
        optimizerId: 7,
        type: 'somebody',
        options: {},
        workers: 1,
        start: new Float64Array(),
        startedAt: 0,
        startedAfterCall: 0,
      });
      log.commit({
        optimizerId: 7,
        firstCallId: 1,
        operations: new Uint8Array(),
        rows: {
          count: 2,
          candidateIds: Float64Array.of(1, 2),
          x: Float64Array.of(-3, -3, 3, 3),
          fx: Float64Array.of(-6, 6),
          startedAt: new Float64Array(2),
          durationMs: new Float64Array(2),
          attempts: Uint8Array.of(1, 1),
          counted: Uint8Array.of(1, 1),
          worker: new Uint16Array(2),
          workers: ['somebody'],
          notes: [],
          status: () => 'ok',
        },
      });
    }
    const { fx } = await run(folder, 'new', {
      optimizers: ['random'],
      warmStart: 'bare',
      stop: { 'max-evaluations': 1 },
    });
    expect(fx).toBeLessThanOrEqual(-6);
    expect(eventsOf(folder, 'new', 'warm-start')).toMatchObject([{ rows: 2 }]);
  });
});

const faultsOf = async (
  folder: Folder,
  config: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> =>
  warmStartFaults(
    await resolveConfig(
      { task: { module: 'task.js' }, parameters: PARAMETERS, warmStart: 'old', ...config },
      { baseDir: folder.path },
    ),
  ).map((line) => line.replaceAll(`${folder.path}/`, ''));

const python = (name: string, set = '1'): object => ({
  python: `fit.py:${name}`,
  environment: { set: { SHIFT: set } },
});
const command = (...more: readonly string[]): object => ({ command: ['./fit.sh', '{a}', ...more] });
const weighted = (weight: number): object => ({
  module: 'residuals.js',
  residuals: { energies: weight },
});

describe('a warm start that cannot be', () => {
  it('is refused with all that is wrong, before anything is made', async () => {
    using folder = new Folder();
    await run(folder, 'old', {
      parameters: [...PARAMETERS, { name: 'c', value: 1 }, { name: 'd', value: 2 }],
      stop: { 'max-evaluations': 20 },
    });
    folder.write('task.js', `${TASK} // another content`);
    expect(
      await faultsOf(folder, {
        parameters: [...PARAMETERS, { name: 'c', value: 1.5 }, { name: 'e', min: 0, max: 1 }],
      }),
    ).toEqual([
      'c is fixed at 1 in old, and at 1.5 here',
      'the run in old has no parameter e, so its points are none of this run',
      'd is a parameter in old, and not here: its values may depend on it; say force: true to leave it out',
      'the task of old had another content than it has now: its values may be others; say force: true to take them all the same',
    ]);
    expect(await faultsOf(folder, { warmStart: { run: 'old', force: true } })).toEqual([]);
    expect(await faultsOf(folder, { task: { benchmark: 'sphere', dimension: 2 } })).toContainEqual(
      expect.stringMatching(
        /^the task of old is {"module":"task.js"}, and here {"benchmark":"sphere","dimension":2}: /,
      ),
    );
    expect(await faultsOf(folder, { warmStart: 'nowhere' })).toEqual([
      'there is no run log at nowhere/run.sqlite',
    ]);
    await expect(
      new GloMPOManager({
        task: { module: 'task.js' },
        baseDir: folder.path,
        parameters: PARAMETERS,
        warmStart: 'nowhere',
        dir: folder.at('new'),
      }).start(),
    ).rejects.toMatchObject({ code: 'config-invalid' });
    expect(folder.has('new')).toBe(false);
  });

  it('is one from a task that is stated otherwise, though its files are the same', async () => {
    using folder = new Folder();
    folder.write('fit.py', 'def f(x): return x[0] ** 2\n\ndef g(x): return (x[0] - 4) ** 2\n');
    chmodSync(folder.write('fit.sh', '#!/bin/sh\necho 1\n'), 0o755);
    folder.write(
      'residuals.js',
      'export default (x) => ({ residuals: { energies: [x[0]], forces: [x[1]] } });',
    );
    const stop = { 'max-evaluations': 6 };
    for (const [before, now] of [
      [python('f'), python('g')],
      [python('f'), python('f', '2')],
      [command('1'), command('2')],
      [weighted(1), weighted(10)],
    ] as const) {
      await run(folder, 'old', { task: before, stop }, { backend: 'threads' });
      expect(await faultsOf(folder, { task: before }), JSON.stringify(before)).toEqual([]);
      expect(await faultsOf(folder, { task: now }), JSON.stringify(now)).toEqual([
        expect.stringMatching(/^the task of old is \{.*\}, and here \{.*\}: its values may be others/),
      ]);
      rmSync(folder.at('old'), { recursive: true });
    }
  });

  it('is none from a task that has moved with its files, or is run otherwise', async () => {
    using folder = new Folder();
    for (const at of ['here', 'there']) {
      folder.write(`${at}/fit.py`, 'def f(x): return x[0] ** 2\n');
      chmodSync(folder.write(`${at}/fit.sh`, '#!/bin/sh\necho 1\n'), 0o755);
    }
    const stop = { 'max-evaluations': 6 };
    for (const [before, now] of [
      [{ python: 'here/fit.py:f' }, { python: 'there/fit.py:f', maxEvaluationsPerWorker: 5 }],
      [{ command: ['here/fit.sh', '{a}'] }, { command: ['there/fit.sh', '{a}'], graceSeconds: 1 }],
    ] as const) {
      await run(folder, 'old', { task: before, stop }, { backend: 'threads' });
      expect(await faultsOf(folder, { task: now }), JSON.stringify(now)).toEqual([]);
      rmSync(folder.at('old'), { recursive: true });
    }
  });

  it('is refused when the run would take the other one’s place', async () => {
    using folder = new Folder();
    await first(folder);
    const options = {
      task: { module: 'task.js' },
      baseDir: folder.path,
      parameters: PARAMETERS,
      dir: folder.at('old'),
      overwrite: true,
    };
    for (const warmStart of ['old', 'old/run.sqlite'])
      await expect(new GloMPOManager({ ...options, warmStart }).start()).rejects.toThrow(
        'warmStart.run: expected another run',
      );
    expect(rowsOf(folder, 'old')).toHaveLength(900);
  });
});
