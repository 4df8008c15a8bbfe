import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoggedRows } from '../../src/log/contract.ts';
import { LogReader } from '../../src/log/reader.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const SIZE = 2;

const row = fc.record({
  fx: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(NaN)),
  x: fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })),
  worker: fc.nat(1),
  attempts: fc.nat(255),
  error: fc.option(fc.string(), { nil: undefined, freq: 2 }),
  violation: fc.option(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { nil: undefined, freq: 2 }),
  counted: fc.boolean(),
  extras: fc.option(fc.constantFrom({ loss: 1 }, { loss: null, note: 'a' }), { nil: undefined, freq: 2 }),
});
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

function batchOf(values: readonly Row[]): LoggedRows {
  return {
    count: values.length,
    candidateIds: Float64Array.from(values, (_, i) => i + 1),
    x: Float64Array.from(values.flatMap(({ x }) => x)),
    fx: Float64Array.from(values, ({ fx }) => fx),
    startedAt: Float64Array.from(values, (_, i) => 1000.5 + i),
    durationMs: Float64Array.from(values, (_, i) => i / 3),
    attempts: Uint8Array.from(values, ({ attempts }) => attempts),
    counted: Uint8Array.from(values, ({ counted }) => Number(counted)),
    worker: Uint16Array.from(values, ({ worker }) => worker),
    workers: ['a', 'b'],
    notes: values.flatMap(({ error, violation, extras }, i) =>
      (error ?? violation ?? extras) === undefined
        ? []
        : [
            {
              row: i,
              ...(error === undefined ? {} : { error }),
              ...(violation === undefined ? {} : { violation }),
              ...(extras === undefined ? {} : { extras }),
            },
          ],
    ),
    status: (i) => (Number.isNaN(values[i]!.fx) ? 'failed' : 'ok'),
  };
}

function logIn(folder: Folder): SqliteLog {
  const log = new SqliteLog(folder.at('run.sqlite'), SIZE);
  log.startOptimizer({
    optimizerId: 1,
    type: 'random',
    options: {},
    workers: 1,
    start: new Float64Array(SIZE),
    startedAt: 9,
    startedAfterCall: 0,
  });
  return log;
}

describe('rows that are committed', () => {
  it('come back as they were, in batches of any length', () => {
    const batches = fc.array(fc.array(row, { maxLength: 130, size: 'max' }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(batches, (all) => {
        using folder = new Folder();
        using log = logIn(folder);
        let firstCallId = 1;
        for (const values of all) {
          log.commit({ optimizerId: 1, firstCallId, rows: batchOf(values), operations: new Uint8Array() });
          firstCallId += values.length;
        }
        using reader = new LogReader(folder.path);
        const read = [...reader.evaluations()].map(({ x, ...rest }) => ({ ...rest, x: [...x] }));
        const expected = all.flatMap((values) =>
          values.map(({ fx, x, worker, attempts, error, violation, counted, extras }, i) => ({
            optimizerId: 1,
            optimizerType: 'random',
            candidateId: i + 1,
            x,
            // SQLite has no NaN, and no -0 in a column of numbers.
            fx: Number.isNaN(fx) ? null : fx + 0,
            status: Number.isNaN(fx) ? 'failed' : 'ok',
            counted,
            startedAt: 1000.5 + i,
            durationMs: i / 3,
            attempts,
            worker: 'ab'[worker],
            error: error ?? null,
            violation: violation ?? null,
            extras: extras ?? null,
          })),
        );
        expect(read).toEqual(expected.map((one, i) => ({ callId: i + 1, ...one })));
        expect(query(folder.path, 'SELECT evaluations, failed FROM optimizers')).toEqual([
          { evaluations: read.length, failed: read.filter(({ fx }) => fx === null).length },
        ]);
      }),
      { numRuns: 25 },
    );
  });

  it('have no extras where there is no name in them', () => {
    using folder = new Folder();
    using log = logIn(folder);
    const rows = {
      ...batchOf([{ fx: 1, x: [0, 0], worker: 0, attempts: 1, counted: true } as Row]),
      notes: [{ row: 0, extras: {} }],
    };
    log.commit({ optimizerId: 1, firstCallId: 1, rows, operations: new Uint8Array() });
    expect(query(folder.path, 'SELECT extras FROM evaluations')).toEqual([{ extras: null }]);
  });
});
