/** How fast `SqliteLog.commit` is, against a loop that does nothing but put the same rows into the same tables, its values lying ready. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { toBytes } from '../../../src/log/float64.ts';
import { SCHEMA } from '../../../src/log/schema.ts';
import { SqliteLog } from '../../../src/log/sqlite-log.ts';
import type { Bench, Measured, Table } from '../../harness/benchmark.ts';
import { interleaved, ratio } from '../../harness/measure.ts';
import { makeRows, startOf } from './rows.ts';

const DIMENSION = 20;
const BATCH = 1000;

/** What it was like when each row had a statement of its own, measured then. */
const BEFORE = `Before rows went in by 50 a statement (a statement, a view of \`x\` and a spread of arguments for each row), in an hour when the machine had
nothing else to do: 426,860 rows a second, 0.77 of the faster bare loop (556,173), 1.07 of the other (399,755). In the same hour, by 50 a
statement: 540,585, 0.96 of the faster one (563,905), 1.34 of the other (403,263).`;

const rows = makeRows(BATCH, DIMENSION);
/** About what the journal of so many evaluations takes. */
const operations = new Uint8Array(5 * BATCH);

function commits(file: string, batches: number): number {
  using log = new SqliteLog(file, DIMENSION);
  log.startOptimizer(startOf(1, DIMENSION));
  return perSecond(batches, (firstCallId) => {
    log.commit({ optimizerId: 1, firstCallId, rows, operations });
  });
}

/** @param together so many rows are put in by one statement */
function bareInserts(file: string, batches: number, together: number): number {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(SCHEMA);
  const row = `(${Array.from({ length: 14 }, () => '?').join(', ')})`;
  const insert = db.prepare(
    `INSERT INTO evaluations (call_id, optimizer_id, candidate_id, x, fx, status, counted, started_at, duration_ms, attempts, worker,
       error, violation, extras) VALUES ${Array.from({ length: together }, () => row).join(', ')}`,
  );
  const insertBatch = db.prepare(
    'INSERT INTO batches (optimizer_id, first_call_id, last_call_id, operations) VALUES (?, ?, ?, ?)',
  );
  const bytes = toBytes(rows.x);
  const ready = Array.from({ length: BATCH / together }, (_, statement) =>
    Array.from({ length: together }, (__, i) => {
      const at = statement * together + i;
      const x = bytes.subarray(at * DIMENSION * 8, (at + 1) * DIMENSION * 8);
      const { fx, startedAt, durationMs } = rows;
      return [
        0,
        1,
        at + 1,
        x,
        fx[at],
        'ok',
        1,
        startedAt[at],
        durationMs[at],
        1,
        'thread 7',
        null,
        null,
        null,
      ];
    }).flat(),
  );
  const put = db.transaction((firstCallId: number) => {
    for (const [statement, values] of ready.entries()) {
      for (let i = 0; i < together; i++) values[i * 14] = firstCallId + statement * together + i;
      insert.run(values);
    }
    insertBatch.run(1, firstCallId, firstCallId + BATCH - 1, operations);
  });
  const rate = perSecond(batches, (firstCallId) => put.immediate(firstCallId));
  db.close();
  return rate;
}

function perSecond(batches: number, put: (firstCallId: number) => void): number {
  const begun = performance.now();
  for (let batch = 0; batch < batches; batch++) put(1 + batch * BATCH);
  return (batches * BATCH) / ((performance.now() - begun) / 1000);
}

export async function commitRates({ folder, isQuick, say }: Bench): Promise<Table> {
  const batches = isQuick ? 50 : 200;
  const ours = '`SqliteLog.commit`';
  let files = 0;
  const measure = (put: (file: string) => number) => () => put(path.join(folder, `${++files}.sqlite`));
  const found = await interleaved(isQuick ? 2 : 7, {
    [ours]: measure((file) => commits(file, batches)),
    'bare loop, one row a statement': measure((file) => bareInserts(file, batches, 1)),
    'bare loop, 50 rows a statement': measure((file) => bareInserts(file, batches, 50)),
  });
  say('rows committed');
  return {
    title: 'Rows committed a second',
    columns: [
      { name: '' },
      { name: 'rows', unit: '/s', better: 'higher' },
      { name: '`commit` against it', better: 'higher' },
    ],
    rows: Object.entries<Measured | null>(found).map(([name, rates]) => [
      name,
      rates,
      ratio(found[ours], rates),
    ]),
    notes: [`${(batches * BATCH).toLocaleString('en-US')} rows a round.`, BEFORE],
  };
}
