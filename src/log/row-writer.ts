import type { Database, Statement } from 'better-sqlite3';
import type { JsonObject } from '../core/json.ts';
import { compareRanked, type Ranked } from '../core/ranking.ts';
import type { LoggedRows } from './contract.ts';
import { toBytes } from './float64.ts';

const COLUMNS = [
  'call_id',
  'optimizer_id',
  'candidate_id',
  'x',
  'fx',
  'status',
  'counted',
  'started_at',
  'duration_ms',
  'attempts',
  'worker',
  'error',
  'violation',
  'extras',
] as const;

/** So many rows go into one statement; more are no faster, see bench/log.md. */
const ROWS_A_STATEMENT = 50;

/** What came of the rows of one batch. */
export interface RowsSummary {
  /** How many have no value. */
  readonly failed: number;
  /** The best of those that are ok. */
  readonly best: (Required<Ranked> & { readonly callId: number }) | undefined;
}

/** Writes evaluations into their table, within whatever transaction there is. */
export class RowWriter {
  readonly #size: number;
  readonly #db: Database;
  /** Made when it is first needed: few runs have batches of that size, and it takes a while. */
  #many: Statement | undefined;
  readonly #one: Statement;
  /** What is bound to the statements, used again and again. */
  readonly #manyValues: unknown[] = Array.from({ length: ROWS_A_STATEMENT * COLUMNS.length });
  readonly #oneValues: unknown[] = Array.from({ length: COLUMNS.length });

  /** @param size how many parameters a point has */
  constructor(db: Database, size: number) {
    this.#size = size;
    this.#db = db;
    this.#one = db.prepare(insertOf(1));
  }

  write(optimizerId: number, firstCallId: number, rows: LoggedRows): RowsSummary {
    const { count, notes, workers } = rows;
    const bytes = toBytes(rows.x);
    const stride = this.#size * Float64Array.BYTES_PER_ELEMENT;
    const inStatements = count - (count % ROWS_A_STATEMENT);
    let values = this.#manyValues;
    let at = 0;
    let nextNote = 0;
    let failed = 0;
    let best: RowsSummary['best'];
    for (let row = 0; row < count; row++) {
      if (row === inStatements) values = this.#oneValues;
      const note = notes[nextNote]?.row === row ? notes[nextNote++] : undefined;
      const callId = firstCallId + row;
      const fx = rows.fx[row]!;
      const status = rows.status(row);
      const hasValue = !Number.isNaN(fx);
      if (!hasValue) failed++;
      else if (status === 'ok') {
        const violation = note?.violation ?? 0;
        if (!best || compareRanked({ fx, violation }, best) < 0) best = { fx, violation, callId };
      }
      values[at++] = callId;
      values[at++] = optimizerId;
      values[at++] = rows.candidateIds[row];
      values[at++] = bytes.subarray(row * stride, (row + 1) * stride);
      // SQLite has no NaN.
      values[at++] = hasValue ? fx : null;
      values[at++] = status;
      values[at++] = rows.counted[row];
      // As exact as tables for other programs say it, so that what is exported and imported is the same.
      values[at++] = Math.round(rows.startedAt[row]! * 1000) / 1000;
      values[at++] = rows.durationMs[row];
      values[at++] = rows.attempts[row];
      values[at++] = workers[rows.worker[row]!];
      values[at++] = note?.error ?? null;
      values[at++] = note?.violation ?? null;
      values[at++] = note?.extras ? textOf(note.extras) : null;
      if (at < values.length) continue;
      (row < inStatements ? this.#manyAtOnce() : this.#one).run(values);
      at = 0;
    }
    return { failed, best };
  }

  #manyAtOnce(): Statement {
    return (this.#many ??= this.#db.prepare(insertOf(ROWS_A_STATEMENT)));
  }
}

/** Extras without a name say as little as none. */
function textOf(extras: JsonObject): string | null {
  const text = JSON.stringify(extras);
  return text === '{}' ? null : text;
}

function insertOf(rows: number): string {
  const row = `(${COLUMNS.map(() => '?').join(', ')})`;
  return `INSERT INTO evaluations (${COLUMNS.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
}
