import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { python, scripted } from '../support/programs.ts';
import { recordOf } from '../support/record.ts';
import { Marked } from '../support/survivors.ts';

const PARAMETERS = [
  { name: 'a', min: -5, max: 5 },
  { name: 'b', min: -5, max: 5 },
];
const OPTIMIZERS = [{ 'cma-es': { workers: 2 } }, 'nelder-mead', { random: { workers: 2 } }];

/** A manager for a run of a Python function, whose source is given, or of another task. */
async function managerOf(
  folder: Folder,
  task: string | object,
  settings: object,
  rest: object = {},
  dir = 'run',
): Promise<GloMPOManager> {
  if (typeof task === 'string') folder.write('fit.py', task);
  const config = await resolveConfig(
    {
      task: typeof task === 'string' ? { python: 'fit.py:loss', interpreter: python } : task,
      parameters: PARAMETERS,
      optimizers: OPTIMIZERS,
      hunters: 'none',
      stop: { 'max-evaluations': 400 },
      manager: { maxJobs: 5, seed: 3, ...settings },
      ...rest,
    },
    { baseDir: folder.path },
  );
  return new GloMPOManager({ config, dir: folder.at(dir) });
}

interface Count {
  readonly status: string;
  readonly error: string | null;
  readonly count: number;
}

const counts = (folder: Folder): readonly Count[] =>
  query(
    folder.at('run'),
    'SELECT status, error, count(*) AS count FROM evaluations GROUP BY 1, 2 ORDER BY 1, 2',
  );

async function appears(folder: Folder, name: string): Promise<void> {
  for (let tries = 0; tries < 2000 && !folder.has(name); tries++) await sleep(15);
  expect(folder.has(name)).toBe(true);
}

describe.each(['inline', 'threads', 'processes'])('a Python function with optimizers on %s', (backend) => {
  it('is evaluated exactly as often as it may be, and nothing is left', async () => {
    using folder = new Folder();
    using marked = new Marked();
    {
      await using manager = await managerOf(folder, 'def loss(a, b): return (a - 1) * (a - 1) + b * b', {
        backend,
      });
      expect(await manager.start()).toMatchObject({ evaluations: 400, optimizers: { crashed: 0 } });
    }
    expect(marked.alive()).toEqual([]);
    expect(counts(folder)).toEqual([{ status: 'ok', error: null, count: 400 }]);
    const workers = query<{ worker: string }>(folder.at('run'), 'SELECT DISTINCT worker FROM evaluations');
    for (const { worker } of workers) expect(worker).toMatch(/^program \d+$/);
  });

  it('goes on after evaluations that take too long, crash or raise', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const source = `import os, time
from glompo import context
def loss(x):
    id = context().id
    if id == 3: time.sleep(600)
    if id == 5: os._exit(7)
    if id == 7: raise ValueError("seven")
    return x[0]`;
    {
      await using manager = await managerOf(
        folder,
        source,
        { backend, timeoutSeconds: 0.5, maxJobs: 2 },
        { optimizers: [{ random: { workers: 2 } }], stop: { 'max-evaluations': 40 } },
      );
      expect(await manager.start()).toMatchObject({
        evaluations: 40,
        optimizers: { started: 1, crashed: 0 },
      });
    }
    expect(marked.alive()).toEqual([]);
    expect(counts(folder)).toEqual([
      { status: 'failed', error: 'its worker died: its process ended with exit code 7', count: 1 },
      {
        status: 'failed',
        error: 'task failed: ValueError: seven (at fit.py:7 in loss: if id == 7: raise ValueError("seven"))',
        count: 1,
      },
      { status: 'ok', error: null, count: 37 },
      { status: 'timeout', error: 'it took longer than timeoutSeconds, 0.5 s', count: 1 },
    ]);
  });

  it('is given up when its optimizer is killed, with all that it started', async () => {
    using folder = new Folder();
    using marked = new Marked();
    // The other one waits, or it would make all evaluations before.
    const source = `import os, subprocess, time
from glompo import context
def loss(x):
    while context().optimizer == 2 and not os.path.exists("running"): time.sleep(0.005)
    if context().optimizer == 1 and context().id == 4:
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        open("running", "w").close()
        child.wait()
    return x[0]`;
    {
      await using manager = await managerOf(
        folder,
        source,
        { backend, maxJobs: 2, aggressiveKill: true },
        { optimizers: ['random', 'random'], stop: { 'max-evaluations': 2000 } },
      );
      const end = manager.start();
      await appears(folder, 'running');
      expect(manager.stopOptimizer(1, 'by hand')).toBe('done');
      expect(await end).toMatchObject({ evaluations: 2000, optimizers: { crashed: 0 } });
    }
    expect(marked.alive()).toEqual([]);
    const rows = query<{ optimizer: number; status: string }>(
      folder.at('run'),
      'SELECT optimizer_id AS optimizer, status FROM evaluations',
    );
    expect(rows).toHaveLength(2000);
    const cancelled = rows.filter(({ status }) => status !== 'ok');
    expect(cancelled.length).toBeGreaterThan(0);
    for (const row of cancelled) expect(row).toEqual({ optimizer: 1, status: 'cancelled' });
  });

  it('gives a reproducible run the record of the same function in JavaScript', async () => {
    using folder = new Folder();
    const settings = { backend, reproducible: true };
    folder.write('task.mjs', 'export default ([a, b]) => (a - 1) * (a - 1) + b * b * 0.1;');
    const source = 'def loss(a, b): return (a - 1) * (a - 1) + b * b * 0.1';
    {
      await using manager = await managerOf(folder, source, settings);
      await manager.start();
      await using other = await managerOf(folder, { module: 'task.mjs' }, settings, {}, 'other');
      await other.start();
    }
    const { evaluations, decisions } = recordOf(folder.at('run'));
    expect(evaluations).toHaveLength(400);
    expect(evaluations).toEqual(recordOf(folder.at('other')).evaluations);
    expect(decisions).toEqual(recordOf(folder.at('other')).decisions);
  });
});

/** The same as a file. */
const config = (task: string): string => `task: ${task}
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [{ cma-es: { workers: 2 } }, random]
hunters: none
stop: { max-evaluations: 300 }
manager: { maxJobs: 3, seed: 1 }
`;

describe('a run from the command line', () => {
  it('that is killed leaves nothing, and goes on to exactly as many evaluations', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const slow =
      'import time\ndef loss(a, b):\n    time.sleep(0.01)\n    print("a line")\n    return a * a + b * b\n';
    folder.write('fit.py', slow);
    folder.write('c.yaml', config(`{ python: fit.py, interpreter: ${python} }`));
    const run = startCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    await appears(folder, 'run/run.sqlite');
    for (let tries = 0; tries < 2000; tries++) {
      const [row] = query<{ n: number }>(folder.at('run'), 'SELECT count(*) AS n FROM sqlite_master');
      if (
        row!.n > 0 &&
        query<{ n: number }>(folder.at('run'), 'SELECT count(*) AS n FROM evaluations')[0]!.n > 50
      )
        break;
      await sleep(15);
    }
    run.kill('SIGKILL');
    await run;
    expect(await marked.gone(2000)).toEqual([]);
    const { exitCode, stdout, stderr } = await runCli(['resume', 'run', '--json'], folder.path);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 300, optimizers: { crashed: 0 } });
    expect(marked.alive()).toEqual([]);
    const [row] = query<{ n: number; last: number }>(
      folder.at('run'),
      'SELECT count(*) AS n, max(call_id) AS last FROM evaluations',
    );
    expect(row).toEqual({ n: 300, last: 300 });
    expect(folder.read('run/streams/optimizer-0001.err')).toContain('a line\n');
  });

  it('tells beforehand what is wrong with a program, where it is written', async () => {
    using folder = new Folder();
    using marked = new Marked();
    folder.write('fit.py', 'def loss(a, c): pass\n');
    folder.write('c.yaml', config('{ python: fit.py }'));
    for (const command of ['validate', 'run']) {
      const { exitCode, stderr } = await runCli([command, 'c.yaml'], folder.path);
      expect(stderr).toContain(
        'c.yaml:1:17 task.python: python fit.py did not get ready: loss takes (a, c), expected (x), (x, context), or the parameters by their names: (a, b)',
      );
      expect(exitCode).toBe(2);
    }
    const [name, ...rest] = scripted('', '{"ready":7}');
    folder.write(
      'worker.sh',
      `#!/bin/sh\nexec ${name} ${rest.map((part) => `'${part.replaceAll("'", String.raw`'\''`)}'`).join(' ')}\n`,
    );
    folder.write('c.yaml', config('{ command: [sh, worker.sh], protocol: jsonl }'));
    const { exitCode, stderr } = await runCli(['validate', 'c.yaml'], folder.path);
    expect(stderr).toContain(
      'c.yaml:1:18 task.command: sh worker.sh did not get ready: it speaks version 7 of the protocol, this glompo version 1',
    );
    expect(exitCode).toBe(2);
    expect(marked.alive()).toEqual([]);
  });
});

describe.each(['inline', 'threads', 'processes'])('workers of optimizers that are done, on %s', (backend) => {
  it('serve the next ones', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const task = `
import os
with open(${JSON.stringify(folder.at('started'))}, "a") as f: f.write(f"{os.getpid()}\\n")
from glompo import context
def loss(x):
    return {"value": (x[0] - 1) ** 2 + x[1] ** 2, "optimizer": context().optimizer}
`;
    await using manager = await managerOf(
      folder,
      task,
      { backend, maxJobs: 2 },
      { optimizers: [{ grid: { pointsPerAxis: 2 } }], stop: { 'max-optimizers-started': 12 } },
    );
    const { optimizers } = await manager.start();
    expect(optimizers.converged).toBeGreaterThan(8);
    const starts = folder.read('started').trim().split('\n').length;
    // One beside those of the two slots, that tried it, and one for each slot that two optimizers had at once for a moment.
    expect(starts).toBeLessThanOrEqual(5);
    const rows = query<{ id: number; extras: string }>(
      folder.at('run'),
      'SELECT optimizer_id AS id, extras FROM evaluations',
    );
    expect(new Set(rows.map(({ id }) => id)).size).toBeGreaterThan(8);
    for (const { id, extras } of rows) expect(JSON.parse(extras)).toEqual({ optimizer: id });
    expect(await marked.gone(5000)).toEqual([]);
  });
});

describe.each(['threads', 'processes'])('a place on %s', (backend) => {
  /** Done after 5 points; says how many were before it in the same place. */
  const PLUGIN = `let before = 0;
export default { optimizers: [{ name: 'mine', create(options, { dimension, random }) {
  console.log('before me ' + before++);
  let id = 0, told = 0;
  return {
    type: 'mine', dimension, batchSize: 1,
    get stopReason() { return told < 5 ? undefined : { kind: 'exhausted', points: 5 }; },
    ask(limit) {
      const count = Math.min(limit, 5 - id);
      return Array.from({ length: count }, () => ({ id: ++id, x: Float64Array.from({ length: dimension }, () => random.uniform()) }));
    },
    tell(answers) { told += answers.length; },
    snapshot() { throw new Error('not asked for'); },
    restore() {},
  };
} }] };`;

  it('is left by an optimizer that is a module, with the state of that', async () => {
    using folder = new Folder();
    folder.write('mine.mjs', PLUGIN);
    await using manager = await managerOf(
      folder,
      { command: ['sh', '-c', 'echo 1'] },
      { backend, maxJobs: 1 },
      { plugins: ['mine.mjs'], optimizers: ['mine'], stop: { 'max-evaluations': 15 } },
    );
    expect(await manager.start()).toMatchObject({ evaluations: 15, optimizers: { crashed: 0 } });
    for (const id of [1, 2, 3])
      expect(folder.read(`run/streams/optimizer-000${id}.out`)).toContain('before me 0\n');
  });
});
