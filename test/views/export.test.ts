import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { csvChunks } from '../../src/views/export/csv.ts';
import { evaluationsTable } from '../../src/views/export/evaluations.ts';
import { jsonlChunks } from '../../src/views/export/jsonl.ts';
import { parquetChunks } from '../../src/views/export/parquet.ts';
import { exactNumber, isoTime, type Column, type Kind, type Table } from '../../src/views/export/table.ts';
import { Folder } from '../support/folder.ts';

/** Milliseconds as a manager's clock gives them: whole microseconds, as far as float64 can say them. */
const times = fc.integer({ min: 0, max: 4e15 }).map((microseconds) => microseconds / 1000);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(',', '"', '\r', '\n', ';', ' ', '=', '\0', 'é', '\u{1f600}', '\uffff') }),
);
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);
const cells: Readonly<Record<Kind, fc.Arbitrary<Json>>> = {
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  double: fc.double(),
  boolean: fc.boolean(),
  text,
  time: times,
  json,
};
const kinds = Object.keys(cells) as Kind[];

const tables: fc.Arbitrary<Table & { readonly rows: readonly (readonly Json[])[] }> = fc
  .uniqueArray(fc.tuple(text, fc.constantFrom(...kinds)), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 8,
  })
  .map((columns) => columns.map(([name, kind]): Column => ({ name: `${name}.`, kind })))
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc.array(fc.tuple(...columns.map(({ kind }) => fc.option(cells[kind], { freq: 4 })))),
    }),
  );

/** What stands for a cell in a text format, to be compared bit for bit. */
function exact(cell: unknown): unknown {
  return typeof cell === 'number' ? exactNumber(cell) : cell;
}

async function readParquet(bytes: Uint8Array): Promise<readonly Record<string, unknown>[]> {
  return parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
}

describe('an exported table', () => {
  it('comes back from CSV, whatever texts and numbers it holds', () => {
    fc.assert(
      fc.property(tables, ({ columns, rows }) => {
        const [header, ...lines] = parse([...csvChunks({ columns, rows })].join(''), {
          record_delimiter: '\r\n',
          cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
        }) as unknown as (readonly (string | null)[])[];
        expect(header).toEqual(columns.map(({ name }) => name));
        expect(lines).toHaveLength(rows.length);
        for (const [r, line] of lines.entries())
          for (const [c, read] of line.entries()) {
            const cell = rows[r]![c]!;
            const { kind } = columns[c]!;
            if (cell === null || kind === 'text') expect(read).toBe(cell);
            else if (kind === 'time') expect(read).toBe(isoTime(cell as number));
            else if (kind === 'json') expect(JSON.parse(read!)).toEqual(JSON.parse(JSON.stringify(cell)));
            else if (kind === 'boolean') expect(read).toBe(cell === true ? 'true' : 'false');
            else
              expect(Object.is(Number(read), cell), `${read} for ${exactNumber(cell as number)}`).toBe(true);
          }
      }),
    );
  });

  it('comes back from JSON lines; NaN and infinities are null', () => {
    fc.assert(
      fc.property(tables, ({ columns, rows }) => {
        const lines = [...jsonlChunks({ columns, rows })].join('').split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(rows.length);
        for (const [r, line] of lines.entries()) {
          const read = JSON.parse(line) as Record<string, Json>;
          expect(Object.keys(read).toSorted()).toEqual(columns.map(({ name }) => name).toSorted());
          for (const [c, { name, kind }] of columns.entries()) {
            const cell = rows[r]![c]!;
            if (kind === 'time' && cell !== null) expect(read[name]).toBe(isoTime(cell as number));
            else if (kind === 'json') expect(read[name]).toEqual(JSON.parse(JSON.stringify(cell)));
            else if (typeof cell === 'number' && !Number.isFinite(cell)) expect(read[name]).toBeNull();
            else expect(exact(read[name])).toBe(exact(cell));
          }
        }
      }),
    );
  });

  it('comes back from Parquet by a reader of its own, numbers bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ columns, rows }) => {
        const read = await readParquet(Buffer.concat([...parquetChunks({ columns, rows })]));
        expect(read).toHaveLength(rows.length);
        for (const [r, line] of read.entries())
          for (const [c, { name, kind }] of columns.entries()) {
            const cell = rows[r]![c]!;
            const found = line[name] ?? null;
            if (cell === null) expect(found).toBeNull();
            else if (kind === 'time') expect((found as Date).getTime()).toBe(Math.floor(cell as number));
            else if (kind === 'json')
              expect(JSON.parse(found as string)).toEqual(JSON.parse(JSON.stringify(cell)));
            else if (kind === 'int64') expect(found).toBe(BigInt(cell as number));
            else expect(exact(found)).toBe(exact(cell));
          }
      }),
    );
  });

  it('is written in pieces: its rows are asked for as they are written', async () => {
    let asked = 0;
    function* numbers(): Generator<readonly Json[], void> {
      for (asked = 0; asked < 12_000; asked++) yield Array.from({ length: 100 }, (_, i) => asked + i / 8);
    }
    const table = (): Table => ({
      columns: Array.from({ length: 100 }, (_, i) => ({ name: `c${i}`, kind: 'double' })),
      rows: numbers(),
    });
    for (const chunks of [csvChunks, jsonlChunks, parquetChunks]) {
      const written = chunks(table());
      written.next();
      expect(asked, chunks.name).toBeLessThanOrEqual(5000);
    }
    const file = Buffer.concat([...parquetChunks(table())]);
    expect(parquetMetadata(Uint8Array.from(file).buffer).row_groups).toHaveLength(3);
    expect((await readParquet(file)).map(({ c99 }) => c99)).toEqual(
      Array.from({ length: 12_000 }, (_, i) => i + 99 / 8),
    );
  });
});

describe('isoTime', () => {
  it('tells microseconds', () => {
    expect(isoTime(1_700_000_000_123.25)).toBe('2023-11-14T22:13:20.123250Z');
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000000Z');
  });
});

function logIn(folder: Folder, names: readonly string[]): SqliteLog {
  const log = new SqliteLog(folder.at('run.sqlite'), names.length);
  log.set({ status: 'running', names, host: 'elsewhere' });
  log.startOptimizer({
    optimizerId: 1,
    type: 'random',
    options: {},
    workers: 1,
    start: new Float64Array(names.length),
    startedAt: 9,
    startedAfterCall: 0,
  });
  return log;
}

/** One evaluation for each of the `extras`. */
function commit(
  log: SqliteLog,
  firstCallId: number,
  size: number,
  all: readonly (JsonObject | undefined)[],
): void {
  const count = all.length;
  log.commit({
    optimizerId: 1,
    firstCallId,
    operations: new Uint8Array(),
    rows: {
      count,
      candidateIds: Float64Array.from(all, (_, i) => firstCallId + i),
      x: Float64Array.from({ length: size * count }, (_, i) => -i / 3),
      fx: Float64Array.from(all, (_, i) => (i === 1 ? NaN : i / 7)),
      startedAt: new Float64Array(count).fill(1000.5),
      durationMs: new Float64Array(count).fill(0.25),
      attempts: new Uint8Array(count).fill(1),
      counted: new Uint8Array(count).fill(1),
      worker: new Uint16Array(count),
      workers: ['inline'],
      notes: all.flatMap((extras, row) => (extras ? [{ row, extras }] : [])),
      status: (row) => (row === 1 ? 'failed' : 'ok'),
    },
  });
}

const BEFORE = ['call_id', 'optimizer_id', 'optimizer_type', 'candidate_id'];
const AFTER = 'fx status counted violation started_at duration_ms attempts worker error'.split(' ');

describe('the table of evaluations', () => {
  it('has a column for every parameter, and x. where its name could be another column', () => {
    using folder = new Folder();
    using log = logIn(folder, ['a', 'fx', 'x.fx', 'extras.n', 'x']);
    commit(log, 1, 5, [{ n: 1 }, undefined]);
    using reader = new LogReader(folder.path);
    const { columns, rows } = evaluationsTable(reader);
    const names = ['a', 'x.fx', 'x.x.fx', 'x.extras.n', 'x'];
    expect(columns.map(({ name }) => name)).toEqual([...BEFORE, ...names, ...AFTER, 'extras.n']);
    expect([...rows]).toEqual([
      [
        1,
        1,
        'random',
        1,
        -0,
        -1 / 3,
        -2 / 3,
        -1,
        -4 / 3,
        0,
        'ok',
        true,
        null,
        1000.5,
        0.25,
        1,
        'inline',
        null,
        1,
      ],
      [
        2,
        1,
        'random',
        2,
        -5 / 3,
        -2,
        -7 / 3,
        -8 / 3,
        -3,
        null,
        'failed',
        true,
        null,
        1000.5,
        0.25,
        1,
        'inline',
        null,
        undefined,
      ],
    ]);
  });

  it('has a column for every name in extras, of the kind that all its values are of', () => {
    using folder = new Folder();
    using log = logIn(folder, []);
    commit(log, 1, 0, [
      { loss: 1, note: 'a', mixed: 1, nan: null },
      undefined,
      { loss: null, ok: true, constructor: [1], mixed: 'b' },
      JSON.parse('{"__proto__": "p"}') as JsonObject,
    ]);
    using reader = new LogReader(folder.path);
    const { columns, rows } = evaluationsTable(reader);
    expect(columns.slice(13).map(({ name, kind }) => [name, kind])).toEqual([
      ['extras.loss', 'double'],
      ['extras.note', 'text'],
      ['extras.mixed', 'json'],
      ['extras.nan', 'double'],
      ['extras.ok', 'boolean'],
      ['extras.constructor', 'json'],
      ['extras.__proto__', 'text'],
    ]);
    expect(Array.from(rows, (row) => row.slice(13))).toEqual([
      [1, 'a', 1, null, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined, undefined, undefined, undefined],
      [null, undefined, 'b', undefined, true, [1], undefined],
      [undefined, undefined, undefined, undefined, undefined, undefined, 'p'],
    ]);
  });

  it('is of one moment, whatever the run does while it is read', () => {
    using folder = new Folder();
    using log = logIn(folder, []);
    commit(log, 1, 0, [{ a: 1 }, undefined]);
    using reader = new LogReader(folder.path);
    {
      using _ = reader.snapshot();
      const { columns, rows } = evaluationsTable(reader);
      commit(log, 3, 0, [{ b: 1 }]);
      expect(columns.map(({ name }) => name)).not.toContain('extras.b');
      expect([...rows]).toHaveLength(2);
    }
    expect([...evaluationsTable(reader).rows]).toHaveLength(3);
  });
});
