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

const INSERT = `INSERT INTO evaluations (${COLUMNS.join(', ')}) VALUES `;

/**
 * So many rows go into one statement when they are alike, the most that fit first. A row by itself costs 2.3 µs, one of 64 alike 0.9 µs, one of 8
 * 1.2 µs (20-D, commit included), as little of each is bound.
 */
const BLOCKS = [64, 8] as const;

/** What came of the rows of one batch. */
export interface RowsSummary {
  /** How many have no value. */
  readonly failed: number;
  /** The best of those that are ok. */
  readonly best: (Required<Ranked> & { readonly callId: number }) | undefined;
}

/** Writes evaluations into their table, within whatever transaction there is. */
export class RowWriter {
  readonly #db: Database;
  /** Bytes of a point. */
  readonly #stride: number;
  readonly #one: Statement;
  readonly #oneValues: unknown[] = Array.from({ length: COLUMNS.length });
  readonly #blocks: readonly Block[];

  /** @param size how many parameters a point has */
  constructor(db: Database, size: number) {
    this.#db = db;
    this.#stride = size * Float64Array.BYTES_PER_ELEMENT;
    this.#one = db.prepare(`${INSERT}(${COLUMNS.map(() => '?').join(', ')})`);
    this.#blocks = BLOCKS.map((count) => new Block(count, this.#stride));
  }

  write(optimizerId: number, firstCallId: number, rows: LoggedRows): RowsSummary {
    const bytes = toBytes(rows.x);
    let failed = 0;
    let best: RowsSummary['best'];
    let nextNote = 0;
    let row = 0;
    while (row < rows.count) {
      const note = rows.notes[nextNote];
      const alike = alikeFrom(rows, row, note?.row ?? rows.count);
      const block = this.#blocks.find(({ count }) => count <= alike);
      const callId = firstCallId + row;
      if (block) {
        block.write(this.#db, { optimizerId, callId, row, rows, bytes });
        const at = leastIn(rows.fx, row, row + block.count);
        const fx = rows.fx[at]!;
        if (!best || compareRanked({ fx, violation: 0 }, best) < 0)
          best = { fx, violation: 0, callId: firstCallId + at };
        row += block.count;
        continue;
      }
      const own = note?.row === row ? note : undefined;
      if (own) nextNote++;
      this.#writeOne(optimizerId, callId, rows, row, bytes, own);
      const fx = rows.fx[row]!;
      if (Number.isNaN(fx)) failed++;
      else if (rows.status(row) === 'ok') {
        const violation = own?.violation ?? 0;
        if (!best || compareRanked({ fx, violation }, best) < 0) best = { fx, violation, callId };
      }
      row++;
    }
    return { failed, best };
  }

  #writeOne(
    optimizerId: number,
    callId: number,
    rows: LoggedRows,
    row: number,
    bytes: Uint8Array,
    note: LoggedRows['notes'][number] | undefined,
  ): void {
    const fx = rows.fx[row]!;
    const values = this.#oneValues;
    let at = 0;
    values[at++] = callId;
    values[at++] = optimizerId;
    values[at++] = rows.candidateIds[row];
    values[at++] = bytes.subarray(row * this.#stride, (row + 1) * this.#stride);
    // SQLite has no NaN.
    values[at++] = Number.isNaN(fx) ? null : fx;
    values[at++] = rows.status(row);
    values[at++] = rows.counted[row];
    values[at++] = rounded(rows.startedAt[row]!);
    values[at++] = rows.durationMs[row];
    values[at++] = rows.attempts[row];
    values[at++] = rows.workers[rows.worker[row]!];
    values[at++] = note?.error ?? null;
    values[at++] = note?.violation ?? null;
    values[at++] = note?.extras ? textOf(note.extras) : null;
    this.#one.run(values);
  }
}

interface BlockRows {
  readonly optimizerId: number;
  readonly callId: number;
  /** The first one. */
  readonly row: number;
  readonly rows: LoggedRows;
  readonly bytes: Uint8Array;
}

/** A statement for so many rows that are alike: what they have in common is bound once, and their points as one. */
class Block {
  readonly count: number;
  readonly #stride: number;
  /** Made when it is first needed: few runs have batches of that size, and it takes a while. */
  #statement: Statement | undefined;
  /** What is bound, used again and again. */
  readonly #values: unknown[];
  readonly #common: Record<'callId' | 'optimizerId' | 'counted' | 'worker' | 'points', unknown> = {
    callId: 0,
    optimizerId: 0,
    counted: 1,
    worker: '',
    points: null,
  };

  constructor(count: number, stride: number) {
    this.count = count;
    this.#stride = stride;
    this.#values = Array.from({ length: 4 * count });
  }

  write(db: Database, { optimizerId, callId, row, rows, bytes }: BlockRows): void {
    const { count } = this;
    const values = this.#values;
    const common = this.#common;
    common.callId = callId;
    common.optimizerId = optimizerId;
    common.counted = rows.counted[row];
    common.worker = rows.workers[rows.worker[row]!];
    common.points = bytes.subarray(row * this.#stride, (row + count) * this.#stride);
    let at = 0;
    for (let i = row; i < row + count; i++) {
      values[at++] = rows.candidateIds[i];
      values[at++] = rows.fx[i];
      values[at++] = rounded(rows.startedAt[i]!);
      values[at++] = rows.durationMs[i];
    }
    (this.#statement ??= this.#prepare(db)).run(values, common);
  }

  #prepare(db: Database): Statement {
    const row = (_: unknown, i: number): string =>
      `($callId + ${i}, $optimizerId, ?, substr($points, ${i * this.#stride + 1}, ${this.#stride}), ?, 'ok', $counted, ?, ?, 1, $worker, NULL, NULL, NULL)`;
    return db.prepare(INSERT + Array.from({ length: this.count }, row).join(', '));
  }
}

/** How many rows from `row` on, up to `end`, are ok at the first attempt, by the same worker, and count alike. */
function alikeFrom(rows: LoggedRows, row: number, end: number): number {
  const { attempts, counted, fx, worker } = rows;
  let next = row;
  while (
    next < end &&
    next - row < BLOCKS[0] &&
    attempts[next] === 1 &&
    counted[next] === counted[row] &&
    worker[next] === worker[row] &&
    rows.status(next) === 'ok' &&
    !Number.isNaN(fx[next])
  )
    next++;
  return next - row;
}

function leastIn(values: Float64Array, from: number, to: number): number {
  let least = from;
  for (let i = from + 1; i < to; i++) if (values[i]! < values[least]!) least = i;
  return least;
}

/** As exact as tables for other programs say it, so that what is exported and imported is the same. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** Extras without a name say as little as none. */
function textOf(extras: JsonObject): string | null {
  const text = JSON.stringify(extras);
  return text === '{}' ? null : text;
}
