import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { forkLog } from '../../src/log/fork.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { cutJournal, readJournal } from '../../src/optimizers/journal.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const EVALUATIONS = 3000;
const MANAGER = { maxJobs: 3, seed: 3, backend: 'inline', containment: 'none' } as const;

let source: Folder;
let original: string;
/** How the log of the run was, byte for byte. */
let bytes: Buffer;

beforeAll(async () => {
  source = new Folder();
  original = source.at('run');
  source.write(
    'task.mjs',
    // The first three go off together: else one of them could have spent the budget before a slow machine has started the others.
    `import { existsSync, writeFileSync } from 'node:fs';
    const sleep = () => new Promise((resolve) => setTimeout(resolve, 1));
    const mark = (id) => new URL('started-' + id, import.meta.url);
    let hasStarted = false;
    export default async (x, { optimizerId, candidateId }) => {
      if (!hasStarted && optimizerId <= 3) writeFileSync(mark(optimizerId), '');
      while (!hasStarted && ![1, 2, 3].every((id) => existsSync(mark(id)))) await sleep();
      hasStarted = true;
      if (candidateId % 3 === 0) await sleep();
      if (candidateId % 41 === 0) throw new Error('it fails now and then');
      return x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 30);
    };`,
  );
  await using manager = new GloMPOManager({
    baseDir: source.path,
    task: { module: 'task.mjs' },
    parameters: ['a', 'b', 'c'].map((name) => ({ name, min: -5, max: 5 })),
    optimizers: ['cma-es', 'nelder-mead', 'random'],
    hunters: {
      all: [
        { 'optimizer-type': { types: ['random'] } },
        { 'evaluations-unmoving': { calls: 20, tolerance: 0.9 } },
      ],
    },
    stop: { 'max-evaluations': EVALUATIONS },
    checkpoints: { everyEvaluations: 400, keep: 100, atStart: true, name: 'at-{call}' },
    // Threads go on while a batch is on its way, and so the next one has several evaluations.
    manager: { ...MANAGER, backend: 'threads', huntFrequency: 50, shareBest: true },
    dir: original,
  });
  await manager.start();
  bytes = source.bytes('run/run.sqlite');
  // Otherwise what follows shows little.
  for (const [what, sql] of [
    ['kills', `SELECT count(*) AS n FROM optimizers WHERE status = 'killed'`],
    ['convergences', `SELECT count(*) AS n FROM optimizers WHERE status = 'converged'`],
    ['injections', `SELECT count(*) AS n FROM events WHERE type = 'inject'`],
    ['failures', `SELECT count(*) AS n FROM evaluations WHERE status = 'failed'`],
    ['batches of several', 'SELECT count(*) AS n FROM batches WHERE last_call_id > first_call_id + 1'],
  ] as const)
    if (query<{ n: number }>(original, sql)[0]!.n === 0) throw new Error(`the run has no ${what}`);
});
afterAll(() => {
  source[Symbol.dispose]();
});

async function fork(folder: Folder, at: number | string, budget: number): Promise<string> {
  const into = folder.at('fork');
  await using manager = GloMPOManager.resume(original, {
    at,
    into,
    stop: { 'max-evaluations': budget },
    manager: { backend: 'inline' },
  });
  await manager.start();
  return into;
}

const ROWS = `SELECT call_id, optimizer_id, candidate_id, hex(x) AS x, fx, status, counted, started_at, error FROM evaluations`;

interface Standing {
  readonly optimizer_id: number;
  readonly evaluations: number;
  readonly failed: number;
  readonly best_fx: number | null;
  readonly status: string;
}

/** How the optimizers stood after a call, from evaluations and events alone. */
function recount(call: number): readonly Standing[] {
  const ids = query<{ optimizer_id: number }>(
    original,
    `SELECT optimizer_id FROM optimizers WHERE started_after_call <= ${call} ORDER BY 1`,
  );
  return ids.map(({ optimizer_id }) => {
    const rows = query<{ fx: number | null }>(
      original,
      `SELECT fx FROM evaluations WHERE optimizer_id = ${optimizer_id} AND call_id <= ${call}`,
    );
    const values = rows.flatMap(({ fx }) => (fx === null ? [] : [fx]));
    const [end] = query<{ data: string }>(
      original,
      `SELECT data FROM events WHERE type = 'optimizer-ended' AND optimizer_id = ${optimizer_id} AND call_id <= ${call}`,
    );
    return {
      optimizer_id,
      evaluations: rows.length,
      failed: rows.length - values.length,
      best_fx: values.length === 0 ? null : Math.min(...values),
      status: end ? (JSON.parse(end.data) as { status: string }).status : 'running',
    };
  });
}

/** The candidates that an optimizer had asked for and that have no row, by its journal. */
function openOf(directory: string, optimizerId: number): readonly number[] {
  const operations = query<{ operations: Buffer }>(
    directory,
    `SELECT operations FROM batches WHERE optimizer_id = ${optimizerId} ORDER BY batch_id`,
  ).flatMap(({ operations: journal }) => readJournal(journal));
  let asked = 0;
  for (const operation of operations) if (operation.kind === 'ask') asked += operation.count;
  const done = new Set(
    query<{ id: number }>(
      directory,
      `SELECT candidate_id AS id FROM evaluations WHERE optimizer_id = ${optimizerId}`,
    ).map(({ id }) => id),
  );
  return Array.from({ length: asked }, (_, i) => i + 1).filter((id) => !done.has(id));
}

/** Everywhere, and where a batch ends, and in its middle. */
function calls(): readonly number[] {
  const random = RandomStream.at(5, 'fork');
  const anywhere = Array.from({ length: 10 }, () => 1 + random.integer(EVALUATIONS - 1));
  const split = query<{ call: number }>(
    original,
    'SELECT first_call_id AS call FROM batches WHERE last_call_id > first_call_id + 1 AND batch_id % 3 = 0 ORDER BY batch_id DESC LIMIT 5',
  ).map(({ call }) => call + 1);
  const marks = query<{ call: number }>(original, 'SELECT call_id AS call FROM checkpoints').map(
    ({ call }) => call,
  );
  return [0, 1, ...anywhere, ...split, ...marks, EVALUATIONS - 1];
}

describe('a run that goes on from the middle of a log', () => {
  it('has exactly what was there then, and its first evaluations are those that were open', async () => {
    for (const call of calls()) {
      using folder = new Folder();
      // What is there before anything is evaluated: a run whose budget is used up already, or nearly.
      const bare = folder.at('fork');
      forkLog(original, folder.made('fork'), String(call), cutJournal);
      const about = `call ${call}`;
      expect(query(bare, `${ROWS} ORDER BY 1`), about).toEqual(
        query(original, `${ROWS} WHERE call_id <= ${call} ORDER BY 1`),
      );
      expect(
        query(bare, 'SELECT optimizer_id, evaluations, failed, best_fx, status FROM optimizers ORDER BY 1'),
        about,
      ).toEqual(recount(call));
      expect(
        query(
          bare,
          `SELECT count(*) AS n FROM snapshots WHERE batch_id NOT IN (SELECT batch_id FROM batches) OR call_id > ${call}`,
        ),
        about,
      ).toEqual([{ n: 0 }]);
      expect(query(bare, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      const live = recount(call).filter(({ status }) => status === 'running');
      const open = new Map(live.map(({ optimizer_id: id }) => [id, openOf(bare, id)]));
      using other = new Folder();
      const gone = await fork(other, call, call + 150);
      const rows = query<{ optimizer_id: number; candidate_id: number; x: string }>(
        gone,
        `${ROWS} ORDER BY 1`,
      );
      expect(rows, about).toHaveLength(call + 150);
      for (const [id, candidates] of open) {
        const fresh = rows.slice(call).filter((row) => row.optimizer_id === id);
        const first = fresh.slice(0, candidates.length).map(({ candidate_id }) => candidate_id);
        expect(
          first.toSorted((a, b) => a - b),
          `${about}, optimizer ${id}`,
        ).toEqual(candidates.slice(0, fresh.length));
        // And they are the same points.
        for (const { candidate_id, x } of fresh.slice(0, candidates.length)) {
          const [before] = query<{ x: string }>(
            original,
            `SELECT hex(x) AS x FROM evaluations WHERE optimizer_id = ${id} AND candidate_id = ${candidate_id}`,
          );
          if (before) expect(x, `${about}, candidate ${id}/${candidate_id}`).toBe(before.x);
        }
      }
      expect(
        query(gone, `SELECT count(DISTINCT optimizer_id || '/' || candidate_id) AS n FROM evaluations`),
        about,
      ).toEqual([{ n: call + 150 }]);
    }
    expect(source.bytes('run/run.sqlite').equals(bytes)).toBe(true);
  }, 120_000);

  it('goes on from a checkpoint by its name, and again from its own middle', async () => {
    using folder = new Folder();
    const [mark] = query<{ name: string; call_id: number }>(
      original,
      `SELECT name, call_id FROM checkpoints WHERE call_id > 1000 ORDER BY call_id LIMIT 1`,
    );
    const first = await fork(folder, mark!.name, 2000);
    expect(query(first, 'SELECT count(*) AS n FROM evaluations')).toEqual([{ n: 2000 }]);
    expect(query(first, `SELECT message FROM events WHERE type = 'resumed'`)).toEqual([
      { message: expect.stringMatching(new RegExp(`with at ${mark!.name}, stop, manager$`)) as string },
    ]);
    expect(
      JSON.parse(query<{ value: string }>(first, `SELECT value FROM run WHERE key = 'forkedFrom'`)[0]!.value),
    ).toBe(original);
    // Optimizers that ended with the first session are live where the second one is cut.
    await using more = GloMPOManager.resume(first, { stop: { 'max-evaluations': 2400 } });
    await more.start();
    await using middle = GloMPOManager.resume(first, { at: 2200, into: folder.at('third') });
    await middle.start();
    expect(query(folder.at('third'), 'SELECT count(*) AS n FROM evaluations')).toEqual([{ n: 2400 }]);
    expect(
      query(folder.at('third'), `SELECT count(*) AS n FROM optimizers WHERE status = 'running'`),
    ).toEqual([{ n: 0 }]);
    expect(source.bytes('run/run.sqlite').equals(bytes)).toBe(true);
  });

  it('says what checkpoints and calls there are when there is no such', async () => {
    using folder = new Folder();
    await expect(fork(folder, 'at-7', 10)).rejects.toThrow(
      /^there is no checkpoint at-7 in this log: its checkpoints are at-0, at-4\d\d, /,
    );
    await expect(fork(folder, 3001, 10)).rejects.toThrow(
      /^there is no call 3001 in this log: its last one is 3000$/,
    );
    await expect(fork(folder, '-1', 10)).rejects.toThrow(/^there is no checkpoint -1 in this log/);
    expect(folder.has('fork')).toBe(false);
  });

  it('is not paused because the original was later', async () => {
    using folder = new Folder();
    const dir = folder.at('run');
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      optimizers: ['cma-es'],
      stop: { 'max-evaluations': 10_000 },
      manager: MANAGER,
      dir,
    });
    manager.events$.subscribe(({ type, callId }) => {
      if (type === 'incumbent' && callId > 50)
        queueMicrotask(() => {
          if (manager.pause('by hand') === 'done') manager.suspend('enough');
        });
    });
    await manager.start();
    forkLog(dir, folder.made('copy'), '20', cutJournal);
    const paused = `SELECT value FROM run WHERE key = 'paused'`;
    expect(query(dir, paused)).toEqual([{ value: 'true' }]);
    expect(query(folder.at('copy'), paused)).toEqual([{ value: 'false' }]);
  });
});
