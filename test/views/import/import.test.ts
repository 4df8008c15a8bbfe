import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { type LoggedEvaluation, LogReader } from '../../../src/log/reader.ts';
import { SqliteLog } from '../../../src/log/sqlite-log.ts';
import { csvChunks } from '../../../src/views/export/csv.ts';
import { evaluationsTable } from '../../../src/views/export/evaluations.ts';
import { jsonlChunks } from '../../../src/views/export/jsonl.ts';
import { parquetChunks } from '../../../src/views/export/parquet.ts';
import { type ImportFormat, readTable } from '../../../src/views/import/import.ts';
import { ImportedLog } from '../../../src/views/import/into-log.ts';
import { anyParameters } from '../../../src/views/import/parameters.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';

const CHUNKS = { csv: csvChunks, jsonl: jsonlChunks, parquet: parquetChunks } as const;
const FORMATS = ['jsonl', 'csv', 'parquet'] as const;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(',', '"', '\r', '\n', ' ', '=', 'x', '.', '\u2028', '\ufeff', 'é') }),
);
const name = fc.oneof(
  // The reader of Parquet takes it away from names.
  text.filter((one) => one !== '' && !one.startsWith('\ufeff')),
  fc.constantFrom('fx', 'x.fx', 'x', 'x.a', 'a', 'extras.a', 'call_id', '__proto__', 'constructor'),
);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);
/** CSV takes what looks like JSON for JSON. */
const plainText = text.map((one) => `~${one}`);
const extras = fc.option(
  fc
    .array(
      fc.tuple(
        fc.constantFrom('loss', 'note', 'mixed', '__proto__', 'x.a'),
        fc.oneof(
          finite.map((value) => value + 0),
          plainText,
          fc.boolean(),
          fc.constant(null),
          fc.array(json),
        ),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((entries): JsonObject => Object.fromEntries(entries)),
  { nil: null },
);
const outcome = fc.oneof(
  fc.record({ status: fc.constantFrom('ok' as const, 'censored' as const), fx: finite.map((v) => v + 0) }),
  fc.record({
    status: fc.constantFrom('failed' as const, 'timeout' as const, 'cancelled' as const),
    fx: fc.constant(null),
  }),
);

/** What a log may hold: parameters' names, and evaluations of two optimizers. */
const runs = fc
  .uniqueArray(name, { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.record({
      names: fc.constant(names),
      evaluations: fc.array(
        fc.record({
          optimizerId: fc.constantFrom(1, 7),
          outcome,
          x: fc.tuple(...names.map(() => finite)),
          counted: fc.boolean(),
          startedAt: fc.integer({ min: 1, max: 4e15 }).map((microseconds) => microseconds / 1000),
          durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0),
          attempts: fc.nat(255),
          worker: text,
          error: fc.option(text),
          violation: fc.option(fc.double({ min: 1e-300, max: 1e300, noNaN: true })),
          extras,
        }),
        { minLength: 1, maxLength: 12 },
      ),
    }),
  )
  .map(({ names, evaluations }) => ({
    names,
    evaluations: evaluations.map(({ outcome: { fx, status }, x, ...rest }, i): LoggedEvaluation => ({
      ...rest,
      fx,
      status,
      x: Float64Array.from(x),
      callId: i + 1,
      candidateId: 3 * i + 1,
      optimizerType: rest.optimizerId === 1 ? 'random' : 'cma-es',
    })),
  }));

function write(folder: string, names: readonly string[], evaluations: readonly LoggedEvaluation[]): void {
  using log = new SqliteLog(`${folder}/run.sqlite`, names.length);
  log.set({ status: 'finished', names });
  for (const [optimizerId, type] of [
    [1, 'random'],
    [7, 'cma-es'],
  ] as const)
    log.startOptimizer({
      optimizerId,
      type,
      options: {},
      workers: 1,
      start: new Float64Array(),
      startedAt: 9,
      startedAfterCall: 0,
    });
  for (const { callId, optimizerId, x, ...rest } of evaluations)
    log.commit({
      optimizerId,
      firstCallId: callId,
      operations: new Uint8Array(),
      rows: {
        count: 1,
        candidateIds: Float64Array.of(rest.candidateId),
        x,
        fx: Float64Array.of(rest.fx ?? NaN),
        startedAt: Float64Array.of(rest.startedAt),
        durationMs: Float64Array.of(rest.durationMs),
        attempts: Uint8Array.of(rest.attempts),
        counted: Uint8Array.of(Number(rest.counted)),
        worker: Uint16Array.of(0),
        workers: [rest.worker],
        notes: [
          {
            row: 0,
            ...(rest.error === null ? {} : { error: rest.error }),
            ...(rest.violation === null ? {} : { violation: rest.violation }),
            ...(rest.extras === null ? {} : { extras: rest.extras }),
          },
        ],
        status: () => rest.status,
      },
    });
}

function exportTo(folder: string, file: string, format: ImportFormat): void {
  using reader = new LogReader(folder);
  writeFileSync(file, '');
  for (const chunk of CHUNKS[format](evaluationsTable(reader))) writeFileSync(file, chunk, { flag: 'a' });
}

async function importFrom(file: string, format: ImportFormat, folder: string): Promise<void> {
  let log: ImportedLog | undefined;
  const { names } = await readTable(file, format, undefined, (evaluation, known) => {
    log ??= new ImportedLog(`${folder}/run.sqlite`, known.length, 'imported', 5);
    log.add(evaluation);
  });
  log!.finish({ names });
}

function read(folder: string): { readonly names: readonly string[]; readonly rows: readonly object[] } {
  using reader = new LogReader(folder);
  return {
    names: reader.names(),
    rows: [...reader.evaluations()].map(({ x, ...rest }) => ({ ...rest, x: [...x] })),
  };
}

/** What CSV and Parquet cannot tell from what is not there. */
function withoutNulls(extrasOf: JsonObject | null): JsonObject | null {
  const entries = Object.entries(extrasOf ?? {}).filter(([, value]) => value !== null);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

describe.each(FORMATS)('a run that is exported as %s and imported', (format) => {
  it('is the same, column by column and bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ names, evaluations }) => {
        using folder = new Folder();
        using copy = new Folder();
        write(folder.path, names, evaluations);
        exportTo(folder.path, folder.at('table'), format);
        await importFrom(folder.at('table'), format, copy.path);
        const expected = read(folder.path);
        const rows = evaluations.map(({ x, ...rest }) => ({
          ...rest,
          x: [...x],
          extras: format === 'jsonl' ? rest.extras : withoutNulls(rest.extras),
        }));
        if (format === 'jsonl') expect(expected.rows).toEqual(rows);
        expect(read(copy.path)).toEqual({ names: expected.names, rows });
        const figures = `SELECT optimizer_id, type, evaluations, failed, best_call_id, best_fx, best_violation FROM optimizers
          WHERE evaluations > 0`;
        expect(query(copy.path, figures)).toEqual(query(folder.path, figures));
      }),
      { numRuns: 60 },
    );
  });
});

/** Reads a table that is given as text. @returns the rows, or what is wrong */
async function reading(
  folder: Folder,
  content: string | Uint8Array,
  format: ImportFormat = 'csv',
  names?: readonly string[],
): Promise<readonly LoggedEvaluation[] | string> {
  writeFileSync(folder.at('t'), content);
  const rows: LoggedEvaluation[] = [];
  try {
    await readTable(folder.at('t'), format, names && anyParameters(names), (row) => rows.push(row));
    return rows;
  } catch (error) {
    return (error as Error).message.replaceAll(folder.at('t'), 't');
  }
}

describe('a table of another program', () => {
  it('needs no more than parameters and fx', async () => {
    using folder = new Folder();
    const rows = await reading(folder, '\uFEFFb,fx,a\n1,3.5,2\n\n-1e-3,,4\n .5 ,NaN,+6.\n0,-inf,0\n');
    expect(rows).toMatchObject([
      {
        callId: 1,
        optimizerId: 1,
        optimizerType: 'imported',
        candidateId: 1,
        fx: 3.5,
        status: 'ok',
        error: null,
      },
      { callId: 2, candidateId: 2, fx: null, status: 'failed', error: 'imported: its value is nothing' },
      { callId: 3, fx: null, status: 'failed', error: 'imported: its value is NaN' },
      {
        callId: 4,
        fx: null,
        status: 'failed',
        error: 'imported: its value is -Infinity',
        attempts: 1,
        counted: true,
      },
    ]);
    expect((rows as LoggedEvaluation[]).map(({ x }) => [...x])).toEqual([
      [1, 2],
      [-0.001, 4],
      [0.5, 6],
      [0, 0],
    ]);
  });

  it('may have other columns and another order, where it is known which are parameters', async () => {
    using folder = new Folder();
    const rows = await reading(folder, 'comment,fx,x.p,a\nno,1,2,3\n', 'csv', ['a', 'x.p']);
    expect(rows).toMatchObject([{ x: Float64Array.of(3, 2), fx: 1 }]);
  });

  it('may have times, truths and extras as other programs write them', async () => {
    using folder = new Folder();
    const rows = await reading(
      folder,
      'a,fx,counted,started_at,extras.n,extras.t,extras.l\n1,1,True,2026-11-22 05:59:03.5+01:00,1e-05,1.x,"[1,""b""]"\n1,1,0,12.5,nan,true,{\n',
    );
    expect(rows).toMatchObject([
      {
        counted: true,
        startedAt: Date.UTC(2026, 10, 22, 4, 59, 3, 500),
        extras: { n: 1e-5, t: '1.x', l: [1, 'b'] },
      },
      { counted: false, startedAt: 12.5, extras: { n: null, t: true, l: '{' } },
    ]);
  });

  it('may bring extras with any line of JSON', async () => {
    using folder = new Folder();
    const rows = await reading(folder, '{"a":1,"fx":2}\r\n{"fx":null,"a":-0,"extras.b":null}', 'jsonl');
    expect(rows).toMatchObject([
      { fx: 2, extras: null },
      { fx: null, x: Float64Array.of(-0), extras: { b: null } },
    ]);
  });
});

const HEADER = 'a,fx,call_id,optimizer_id,optimizer_type,status,counted,started_at,attempts\n';

describe('what is wrong with a table', () => {
  it.each([
    ['nothing in it', '', 't has no rows: it is empty'],
    ['no rows', 'a,fx\n', 't has no rows'],
    ['no value', 'a,b\n1,2', 't has no column fx (it has a, b)'],
    ['no parameter', 'fx\n1', 't has no column of a parameter'],
    [
      'a column twice, one without a name',
      'a,fx,a,\n1,2,3,4',
      't has the column a twice\nt has a column without a name, its 4th',
    ],
    ['another delimiter', 'a;fx\n1;2', 't has no column fx (it has a;fx)'],
    [
      'wrong numbers of fields',
      'a,fx\n1\n1,2,3\n1,2\n',
      't:2 expected 2 fields, as the header has, got 1; the file may be cut off\nt:3 expected 2 fields, as the header has, got 3',
    ],
    [
      'text in place of numbers, after texts of several lines',
      'a,fx,error\n1,2,"x\ny"\nabc,0x1F,\n,,\n',
      't:4 a: expected a finite number, got "abc"\nt:4 fx: expected a number, got "0x1F"\nt:5 a: expected a finite number, there is nothing',
    ],
    [
      'a quote that nobody closes',
      'a,fx\n1,z\n1,"2\n3,4\n',
      't:2 fx: expected a number, got "z"\nt:3 is no CSV: Quote Not Closed: the parsing is finished with an opening quote at line 4',
    ],
    [
      'call ids',
      `${HEADER}1,1,0,,,,,,\n1,1,2,,,,,,\n1,1,2,,,,,,\n1,1,1e300,,,,,,\n1,1,1.5,,,,,,\n`,
      't:2 call_id: expected an integer from 1 to 9007199254740991, got "0"\nt:4 call_id: expected more than 2, which is before it, got 2; rows go by call_id, each once\nt:5 call_id: expected an integer from 1 to 9007199254740991, got "1e300"\nt:6 call_id: expected an integer from 1 to 9007199254740991, got "1.5"',
    ],
    [
      'optimizers and statuses',
      `${HEADER}1,1,,1,a,,,,\n1,1,,1,b,failed,,,\n1,,,2,b,ok,,,\n1,1,,,,fine,perhaps,yesterday,256\n`,
      't:3 optimizer_type: expected "a", as optimizer 1 was before, got "b"\nt:3 fx: expected nothing with status failed, got 1\nt:4 fx: expected a finite number with status ok, got nothing\nt:5 status: expected one of ok, failed, timeout, cancelled, censored, got "fine"\nt:5 counted: expected true or false, got "perhaps"\nt:5 started_at: expected a time such as 2026-11-22T05:59:03.123456Z, or milliseconds since 1970, got "yesterday"\nt:5 attempts: expected an integer from 0 to 255, got "256"',
    ],
  ])('is told with its line: %s', async (_what, content, message) => {
    using folder = new Folder();
    expect(await reading(folder, content)).toBe(`cannot import t\n${message}`);
  });

  it('is told with its line in JSON lines too, the last one cut off', async () => {
    using folder = new Folder();
    const content = '{"a":1,"fx":"2"}\n[1]\n\n{"a":1,"fx":2,"b":3}\n{"a":true,"fx":2}\n{"fx":1}\n{"a":1,"f';
    expect(await reading(folder, content, 'jsonl')).toMatch(
      /^cannot import t\nt:1 fx: expected a number, got "2"\nt:2 expected a JSON object, got a list of 1\nt:4 b: unexpected, as the lines before have no such key\nt:5 a: expected a finite number, got true\nt:6 a: expected a finite number, there is nothing\nt:7 expected a JSON object: .*; the file may be cut off$/,
    );
  });

  it('names what is near a column that is missing', async () => {
    using folder = new Folder();
    const message = await reading(folder, 'sigma_a,fx\n1,2', 'csv', ['sigmaA']);
    expect(message).toBe(
      'cannot import t\nt has no column sigmaA; did you mean sigma_a? (it has sigma_a, fx)',
    );
  });

  it('is told up to the 20th mistake', async () => {
    using folder = new Folder();
    const message = await reading(folder, `a,fx\n${'z,1\n'.repeat(1000)}`);
    expect((message as string).split('\n')).toHaveLength(22);
    expect(message).toContain('read no further than its 20th mistake');
  });

  it('is told of Parquet files: cut off, damaged, no Parquet at all', async () => {
    using folder = new Folder();
    const table = {
      columns: [
        { name: 'a', kind: 'double' },
        { name: 'fx', kind: 'text' },
      ] as const,
      rows: [
        [1, 'z'],
        [NaN, '1'],
      ],
    };
    const file = Buffer.concat([...parquetChunks(table)]);
    expect(await reading(folder, file, 'parquet')).toBe(
      'cannot import t\nt, row 1: fx: expected a number, got "z"\nt, row 2: a: expected a finite number, got NaN\nt, row 2: fx: expected a number, got "1"',
    );
    const damaged = Buffer.from(file).fill(0xff, 4, 40);
    for (const bytes of [file.subarray(0, -9), file.subarray(40), damaged, 'a,fx\n1,2\n', ''])
      expect(await reading(folder, bytes, 'parquet')).toMatch(
        /^cannot import t: it is no Parquet file, or is damaged or cut off: /,
      );
  });

  it('is told of files that are not there', async () => {
    for (const format of FORMATS) {
      const importing = (file: string): Promise<unknown> => readTable(file, format, undefined, () => {});
      await expect(importing('/nowhere/t')).rejects.toThrow(
        'cannot import /nowhere/t: there is no such file',
      );
      await expect(importing('/')).rejects.toThrow('cannot import /: it is a directory');
    }
  });

  it('is never a crash, whatever bytes there are', async () => {
    using folder = new Folder();
    using run = new Folder();
    await reading(run, 'a,fx,extras.n\n1,2,3\n4,5,[6]\n');
    await importFrom(run.at('t'), 'csv', run.path);
    const pristine = FORMATS.map((format) => {
      exportTo(run.path, folder.at('e'), format);
      return readFileSync(folder.at('e'));
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.uint8Array({ maxLength: 60 }), fc.nat(), async (format, bytes, at) => {
        const base = pristine[format]!;
        const begin = base.subarray(0, at % base.length);
        // Of Parquet the end is cut off: its reader may go on for long where bytes in the middle are wrong.
        const rest = FORMATS[format] === 'parquet' ? [] : [bytes, base.subarray(begin.length + bytes.length)];
        const result = await reading(folder, Buffer.concat([begin, ...rest]), FORMATS[format]);
        if (typeof result === 'string') expect(result).toMatch(/^cannot import t/);
        else expect(FORMATS[format]).not.toBe('parquet');
      }),
      { numRuns: 300 },
    );
  });
});
