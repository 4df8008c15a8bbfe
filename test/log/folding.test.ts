import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { LoggedRows } from '../../src/log/contract.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const SIZE = 20;
const ROWS = 1000;

const rows: LoggedRows = {
  count: ROWS,
  candidateIds: Float64Array.from({ length: ROWS }, (_, i) => i + 1),
  x: Float64Array.from({ length: ROWS * SIZE }, (_, i) => i / 3),
  fx: Float64Array.from({ length: ROWS }, (_, i) => i),
  startedAt: new Float64Array(ROWS).fill(1000.5),
  durationMs: new Float64Array(ROWS).fill(0.25),
  attempts: new Uint8Array(ROWS).fill(1),
  counted: new Uint8Array(ROWS).fill(1),
  worker: new Uint16Array(ROWS),
  workers: ['thread 7'],
  notes: [],
  status: () => 'ok',
};

function write(log: SqliteLog, batches: number, before: number): void {
  for (let i = before; i < before + batches; i++)
    log.commit({ optimizerId: 1, firstCallId: i * ROWS + 1, rows, operations: new Uint8Array() });
}

it('goes on in a thread while more is written, and the log ends as one file with all of it', async () => {
  using folder = new Folder();
  const file = folder.at('run.sqlite');
  const log = new SqliteLog(file, SIZE);
  const megabytes = (): number => statSync(file).size / 2 ** 20;
  // SQLite alone would fold nothing in before there are 64 MB, and this is 24.
  write(log, 100, 0);
  while (megabytes() < 10) await sleep(5);
  write(log, 100, 100);
  log.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  expect(
    query(folder.path, 'SELECT count(*) AS count, max(call_id) AS last, sum(fx) AS sum FROM evaluations'),
  ).toEqual([{ count: 200 * ROWS, last: 200 * ROWS, sum: (200 * ROWS * (ROWS - 1)) / 2 }]);
});

it('is waited for when the log is closed', () => {
  using folder = new Folder();
  const file = folder.at('run.sqlite');
  const log = new SqliteLog(file, SIZE);
  // The thread has just been asked, or is at it.
  write(log, 90, 0);
  log.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  expect(query(folder.path, 'SELECT count(*) AS count FROM evaluations')).toEqual([{ count: 90 * ROWS }]);
});
