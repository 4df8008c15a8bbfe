import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoggedRows } from '../../src/log/contract.ts';
import { fromBytes, toBytes } from '../../src/log/float64.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import type { EvaluationStatus } from '../../src/tasks/contract.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

function rowsOf(
  values: readonly { fx: number; status?: EvaluationStatus; violation?: number; error?: string }[],
): LoggedRows {
  const count = values.length;
  return {
    count,
    candidateIds: Float64Array.from(values, (_, i) => i + 1),
    x: Float64Array.from({ length: 2 * count }, (_, i) => i / 3),
    fx: Float64Array.from(values, ({ fx }) => fx),
    startedAt: new Float64Array(count).fill(1000.5),
    durationMs: new Float64Array(count).fill(0.25),
    attempts: new Uint8Array(count).fill(1),
    counted: new Uint8Array(count).fill(1),
    worker: new Uint16Array(count),
    workers: ['thread 7'],
    notes: values.flatMap(({ violation, error }, row) =>
      violation || error
        ? [{ row, ...(violation ? { violation } : {}), ...(error ? { error, extras: { loss: 1 } } : {}) }]
        : [],
    ),
    status: (row) => values[row]!.status ?? 'ok',
  };
}

function logIn(folder: Folder): SqliteLog {
  const log = new SqliteLog(folder.at('run.sqlite'), 2);
  log.set({ status: 'running', names: ['a', 'b'], seed: 1, startedAt: 5, host: 'elsewhere' });
  const start = Float64Array.of(0.25, 0.5);
  for (const optimizerId of [1, 2])
    log.startOptimizer({
      optimizerId,
      type: 'random',
      options: {},
      workers: 1,
      start,
      startedAt: 9,
      startedAfterCall: 0,
    });
  return log;
}

const noOperations = new Uint8Array();

describe('float64 in the log', () => {
  it('comes back bit for bit from any offset, little-endian on disk', () => {
    fc.assert(
      fc.property(fc.float64Array(), fc.nat(7), (numbers, offset) => {
        const bytes = toBytes(numbers);
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        expect(
          Object.is(JSON.stringify([...fromBytes(shifted.subarray(offset))]), JSON.stringify([...numbers])),
        ).toBe(true);
        expect([...toBytes(fromBytes(shifted.subarray(offset)))]).toEqual([...bytes]);
      }),
    );
    expect([...toBytes(Float64Array.of(1))]).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
  });
});

describe('the run log', () => {
  it('holds every column of every row', () => {
    using folder = new Folder();
    using log = logIn(folder);
    const rows = rowsOf([
      { fx: 3.5 },
      { fx: NaN, status: 'failed', error: 'task threw Error: no' },
      { fx: 1.25, violation: 0.5 },
    ]);
    log.commit({ optimizerId: 1, firstCallId: 1, rows, operations: Uint8Array.of(1, 3, 3) });
    const shared = {
      optimizer_id: 1,
      counted: 1,
      started_at: 1000.5,
      duration_ms: 0.25,
      attempts: 1,
      worker: 'thread 7',
    };
    const stored = query<{ x: Buffer }>(folder.path, 'SELECT * FROM evaluations').map((row) => ({
      ...row,
      x: [...fromBytes(row.x)],
    }));
    expect(stored).toEqual([
      {
        call_id: 1,
        candidate_id: 1,
        x: [0, 1 / 3],
        fx: 3.5,
        status: 'ok',
        error: null,
        violation: null,
        extras: null,
        ...shared,
      },
      {
        call_id: 2,
        candidate_id: 2,
        x: [2 / 3, 1],
        fx: null,
        status: 'failed',
        error: 'task threw Error: no',
        violation: null,
        extras: '{"loss":1}',
        ...shared,
      },
      {
        call_id: 3,
        candidate_id: 3,
        x: [4 / 3, 5 / 3],
        fx: 1.25,
        status: 'ok',
        error: null,
        violation: 0.5,
        extras: null,
        ...shared,
      },
    ]);
    expect(
      query(
        folder.path,
        'SELECT optimizer_id, first_call_id, last_call_id, hex(operations) AS operations FROM batches',
      ),
    ).toEqual([{ optimizer_id: 1, first_call_id: 1, last_call_id: 3, operations: '010303' }]);
  });

  it('keeps each optimizer`s counts and best row, an infeasible one below every feasible one', () => {
    using folder = new Folder();
    using log = logIn(folder);
    const commit = (optimizerId: number, firstCallId: number, values: Parameters<typeof rowsOf>[0]): void => {
      log.commit({ optimizerId, firstCallId, rows: rowsOf(values), operations: noOperations });
    };
    commit(1, 1, [
      { fx: -9, violation: 2 },
      { fx: NaN, status: 'failed' },
    ]);
    commit(1, 3, [
      { fx: 7, violation: 1 },
      { fx: 8, violation: 1 },
    ]);
    expect(query(folder.path, 'SELECT best_call_id FROM optimizers WHERE optimizer_id = 1')).toEqual([
      { best_call_id: 3 },
    ]);
    commit(2, 5, [{ fx: 4 }, { fx: 4 }, { fx: -99, status: 'censored' }]);
    commit(1, 8, [{ fx: 5 }, { fx: 6 }]);
    expect(
      query(folder.path, 'SELECT optimizer_id, evaluations, failed, best_call_id, best_fx FROM optimizers'),
    ).toEqual([
      { optimizer_id: 1, evaluations: 6, failed: 1, best_call_id: 8, best_fx: 5 },
      { optimizer_id: 2, evaluations: 3, failed: 0, best_call_id: 5, best_fx: 4 },
    ]);
    using reader = new LogReader(folder.path);
    expect(reader.summary()).toMatchObject({ evaluations: 9, best: { callId: 5, optimizerId: 2, fx: 4 } });
  });

  it('does not wait for a reader that never ends: what it holds back stays in the write-ahead log', () => {
    using folder = new Folder();
    const log = logIn(folder);
    const reader = new Database(folder.at('run.sqlite'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM run').all();
    log.set({ status: 'finished' });
    log.close();
    reader.close();
    expect(query(folder.path, "SELECT value FROM run WHERE key = 'status'")).toEqual([
      { value: '"finished"' },
    ]);
  }, 20_000);

  it('is read by another connection while it is written, and one plain file afterwards', () => {
    using folder = new Folder();
    const log = logIn(folder);
    using reader = new LogReader(folder.path);
    expect(reader.summary().evaluations).toBe(0);
    log.commit({ optimizerId: 1, firstCallId: 1, rows: rowsOf([{ fx: 1 }]), operations: noOperations });
    expect(reader.summary().evaluations).toBe(1);
    reader[Symbol.dispose]();
    log.close();
    log.close();
    expect(existsSync(folder.at('run.sqlite-wal'))).toBe(false);
    expect(query(folder.path, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }]);
    expect(query(folder.path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('commits a batch whole or not at all', () => {
    using folder = new Folder();
    using log = logIn(folder);
    log.commit({ optimizerId: 1, firstCallId: 1, rows: rowsOf([{ fx: 1 }]), operations: noOperations });
    // Call 2 is fine, call 1 is taken: in the order 0, 1 the first is inserted before the second fails.
    expect(() => {
      log.commit({
        optimizerId: 1,
        firstCallId: 0,
        rows: rowsOf([{ fx: 1 }, { fx: 2 }]),
        operations: noOperations,
      });
    }).toThrow('UNIQUE');
    expect(query(folder.path, 'SELECT call_id FROM evaluations')).toEqual([{ call_id: 1 }]);
    expect(query(folder.path, 'SELECT evaluations FROM optimizers WHERE optimizer_id = 1')).toEqual([
      { evaluations: 1 },
    ]);
  });
});

describe('reading a log', () => {
  it('refuses what is not a log, with the reason', () => {
    using folder = new Folder();
    const file = folder.at('run.sqlite');
    const read = () => new LogReader(folder.path);
    expect(read).toThrow(`there is no run log at ${file}`);
    folder.write(
      'run.sqlite',
      'not a database, but a text that is long enough to have a header of a hundred bytes, which SQLite looks at first',
    );
    expect(read).toThrow(`cannot read the run log ${file}: file is not a database`);
    folder.write('run.sqlite', '');
    expect(read).toThrow('it is empty');
    const db = new Database(file);
    db.exec('CREATE TABLE evaluations (a)');
    expect(read).toThrow('it is a SQLite file, but not a run log of glompo');
    db.pragma('application_id = 0x474c4d50');
    db.pragma('user_version = 99');
    db.close();
    expect(read).toThrow('it has schema version 99; this glompo knows up to 3, use a newer one');
  });
});
