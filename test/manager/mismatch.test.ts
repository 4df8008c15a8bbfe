import Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import type { GloMPOResumeOptions } from '../../src/manager/manager-options.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** A random search; a later version of it draws other points. */
const plugin = (version: number): string => `
const make = (options, { dimension, start }) => {
  let id = 0;
  const draw = () => Float64Array.from({ length: dimension }, (_, i) => ${version === 1 ? '' : '1 - '}((0.618 * id + 0.317 * i + start[i]) % 1));
  return {
    type: 'mine', version: ${version}, dimension, batchSize: 4, stopReason: undefined,
    ask: (limit) => Array.from({ length: Math.min(limit, 4) }, () => ({ id: ++id, x: draw() })),
    tell() {},
    snapshot: () => ({ type: 'mine', version: ${version}, header: { id }, block: new Float64Array() }),
    restore({ header }) { id = header.id; },
  };
};
export default { optimizers: [{ name: 'mine', version: ${version}, create: make }] };`;

let folder: Folder;
let dir: string;
beforeEach(() => {
  folder = new Folder();
  dir = folder.at('run');
  folder.write('mine.mjs', plugin(1));
  folder.write(
    'task.mjs',
    `export default async (x, { candidateId }) => {
      await new Promise((r) => setTimeout(r, 2));
      return x[0] ** 2 + x[1];
    };`,
  );
  folder.write(
    'c.yaml',
    `plugins: [mine.mjs]
task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 1 }, { name: b, min: 0, max: 1 }]
optimizers: [mine]
hunters: none
stop: { max-evaluations: 200 }
# Each thread loads a plug-in anew.
manager: { maxJobs: 2, seed: 1, backend: threads, containment: none }
`,
  );
});
afterEach(() => {
  folder[Symbol.dispose]();
});

async function start(): Promise<RunResult> {
  await using manager = new GloMPOManager({ config: folder.at('c.yaml'), dir });
  return await manager.start();
}

async function resume(budget: number, options: GloMPOResumeOptions = {}): Promise<RunResult> {
  await using manager = GloMPOManager.resume(dir, { stop: { 'max-evaluations': budget }, ...options });
  return await manager.start();
}

const count = (sql: string): number => query<{ n: number }>(dir, `SELECT count(*) AS n FROM ${sql}`)[0]!.n;

describe('an optimizer that does not do again what the log says', () => {
  it('ends the session with the first call that differs and both versions; with the old one the run goes on', async () => {
    await start();
    folder.write('mine.mjs', plugin(2));
    const message = await resume(300, { forceTask: true }).then(
      () => 'it went on',
      (error: unknown) => (error as Error).message,
    );
    expect(message).toMatch(
      /^optimizer [12] \(mine, version 1 of the algorithm\) cannot go on: from call \d+ on it does not do what the log says: candidate 1 is another point than it was\. The log was written by glompo \S+ on Node\.js \S+ \(V8 \S+, \w+ \w+\); this is the same, so what has changed is a program, a package or a plug-in of the optimizer, or the log itself\. .*--from-snapshots/,
    );
    // Its first call is the first that differs; which of the optimizers says so first is chance.
    const [, id, call] = /^optimizer (\d) .*? from call (\d+) /.exec(message)!;
    expect(query(dir, `SELECT min(call_id) AS first FROM evaluations WHERE optimizer_id = ${id}`)).toEqual([
      { first: Number(call) },
    ]);
    expect(count(`optimizers WHERE status IN ('crashed', 'killed')`)).toBe(0);
    expect(count('evaluations')).toBe(200);
    expect(query(dir, 'SELECT DISTINCT version FROM optimizers')).toEqual([{ version: 1 }]);
    folder.write('mine.mjs', plugin(1));
    // It is the plug-in of the log: nothing has to be forced.
    expect(await resume(300)).toMatchObject({ evaluations: 300 });
    expect(count(`(SELECT DISTINCT optimizer_id, candidate_id FROM evaluations)`)).toBe(300);
    expect(count('optimizers')).toBe(2);
  });

  it('ends `glompo resume` with exit code 1, and no stack trace', async () => {
    await start();
    folder.write('mine.mjs', plugin(2));
    const args = ['resume', 'run', '--json', '--force-task', '--set', 'stop.max-evaluations=250'];
    const { exitCode, stdout, stderr } = await runCli(args, folder.path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('cannot go on: from call');
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect((await runCli(['status', 'run'], folder.path)).stdout).toMatch(/^failed: optimizer [12] \(mine/);
  });

  it('goes on from snapshots, and once more after its manager was killed', async () => {
    await start();
    folder.write('mine.mjs', plugin(2));
    const flags = ['--json', '--set', 'stop.max-evaluations=100000'];
    const run = startCli(['resume', 'run', '--force-task', '--from-snapshots', ...flags], folder.path);
    for (let tries = 0; tries < 1000 && count('evaluations') < 260; tries++) await sleep(20);
    run.kill('SIGKILL');
    await run;
    const told = query<{ optimizer_id: number; message: string }>(
      dir,
      `SELECT optimizer_id, message FROM events WHERE type = 'from-snapshot' ORDER BY 1`,
    );
    expect(told.map(({ optimizer_id }) => optimizer_id)).toEqual([1, 2]);
    for (const { message } of told)
      expect(message).toMatch(
        /^it goes on from (its start|where it was after call \d+); \d+ later evaluations are unknown to it$/,
      );
    expect(count('snapshots WHERE pinned = 1')).toBe(2);
    const before = count('evaluations');
    // Nothing has to be forced again.
    expect(await resume(before + 100)).toMatchObject({ evaluations: before + 100 });
    expect(count(`optimizers WHERE status = 'crashed'`)).toBe(0);
    expect(query(dir, 'SELECT DISTINCT version FROM optimizers')).toEqual([{ version: 2 }]);
  });
});

/** A run of the built-in optimizers with snapshots, each of which is then made into something else. */
async function damaged(change: (data: Buffer) => Buffer, pinned = 0): Promise<number> {
  await using manager = new GloMPOManager({
    baseDir: folder.path,
    task: { module: 'task.mjs' },
    parameters: ['a', 'b'].map((name) => ({ name, min: 0, max: 1 })),
    optimizers: ['cma-es', 'nelder-mead'],
    hunters: 'none',
    stop: { 'max-evaluations': 200 },
    checkpoints: { everyEvaluations: 50 },
    manager: { maxJobs: 2, seed: 1, backend: 'inline', containment: 'none' },
    dir,
  });
  await manager.start();
  const db = new Database(`${dir}/run.sqlite`);
  const snapshots = db
    .prepare<[], { snapshot_id: number; data: Buffer }>('SELECT snapshot_id, data FROM snapshots')
    .all();
  for (const { snapshot_id, data } of snapshots)
    db.prepare('UPDATE snapshots SET data = ?, pinned = ? WHERE snapshot_id = ?').run(
      change(Buffer.from(data)),
      pinned,
      snapshot_id,
    );
  db.close();
  expect(snapshots.length).toBeGreaterThan(0);
  return snapshots.length;
}
function cutOff(data: Buffer): Buffer {
  return data.subarray(0, data.length - 9);
}

describe('a damaged snapshot in a log', () => {
  it.each([
    ['cut off', cutOff],
    ['empty', () => Buffer.alloc(0)],
    ['of another kind', () => Buffer.from('\u0000no snapshot')],
    [
      'with a flipped bit',
      (data: Buffer) => (data.writeUInt8(data[data.length - 20]! ^ 4, data.length - 20), data),
    ],
  ])('%s, is done without: its optimizer is brought to where it was from its start', async (_, change) => {
    await damaged(change);
    expect(await resume(400)).toMatchObject({ evaluations: 400 });
    expect(count(`events WHERE type = 'snapshot-damaged'`)).toBeGreaterThan(0);
    expect(count('optimizers WHERE optimizer_id <= 2 AND evaluations > 100')).toBe(2);
    expect(count(`(SELECT DISTINCT optimizer_id, candidate_id FROM evaluations)`)).toBe(400);
  });

  it('is told of where nothing else is left, with what can be done', async () => {
    await damaged(cutOff, 1);
    await expect(resume(400)).rejects.toThrow(
      /^optimizer \d \(.*\) cannot go on: a snapshot in the log is damaged: .*, and what came before it cannot be replayed\. Go on from before call \d+ with --at/,
    );
    expect(count(`optimizers WHERE status = 'crashed'`)).toBe(0);
  });

  it('is not gone on from when that is asked for', async () => {
    await damaged(cutOff);
    await expect(resume(400, { fromSnapshots: true })).rejects.toThrow(
      /cannot go on: a snapshot in the log is damaged: .*\. Resume without --from-snapshots/,
    );
    expect(await resume(400)).toMatchObject({ evaluations: 400 });
  });
});
