import { describe, expect, it } from 'vitest';
import type { FunctionHandle, PoolFunction } from '../../src/pool/contract.ts';
import { fromFunction, specOf } from '../../src/pool/functions.ts';
import { Handles } from '../../src/pool/handles.ts';
import { KnownFunctions } from '../../src/pool/known-functions.ts';
import { method, Pool } from '../../src/pool.ts';

class Table {
  static unit = 1;
  readonly rows: Float64Array;

  constructor(length: number, first: number) {
    this.rows = new Float64Array(length);
    this.rows[0] = first;
  }

  at(i: number): number {
    return this.rows[i]! * Table.unit;
  }
}

const add = (x: number): number => x + 1;

async function ids(...functions: readonly PoolFunction<never, unknown>[]): Promise<readonly number[]> {
  const handles = new Handles();
  const found: number[] = [];
  for (const f of functions) found.push(handles.of(await specOf(f)).id);
  return found;
}

describe('a function that comes again', () => {
  it('is known by all that it is made of', async () => {
    const scaled = (n: number) => fromFunction(add, { n });
    expect(await ids(add, scaled(1), scaled(2), add, scaled(1))).toEqual([0, 1, 2, 0, 1]);
  });

  it('is known by the fields of its object, and of its class', async () => {
    const [one, same, other] = [new Table(2, 1), new Table(2, 1), new Table(2, 5)];
    expect(await ids(method(one, 'at'), method(same, 'at'), method(other, 'at'))).toEqual([0, 0, 1]);
    const handles = new Handles();
    const before = handles.of(await specOf(method(one, 'at')));
    Table.unit = 1000;
    expect(handles.of(await specOf(method(one, 'at'))).id).not.toBe(before.id);
  });

  it('is not looked up when it is long', async () => {
    const large = method(new Table(10_000, 1), 'at');
    expect(await ids(large, large)).toEqual([0, 1]);
  });
});

describe('functions that a worker has', () => {
  const bytes = new Uint8Array(2 ** 25);
  const large = (id: number): FunctionHandle => ({
    id,
    spec: { kind: 'source', name: 'f', expression: 'f', helpers: [], data: [['a', { bytes, buffers: [] }]] },
  });

  it('are let go of when there are too many, or of too many bytes', () => {
    const known = new KnownFunctions();
    known.add(large(0));
    expect([known.has(0), known.has(1), known.isFull]).toEqual([true, false, false]);
    known.add(large(1));
    expect(known.isFull).toBe(true);
    known.clear();
    expect([known.has(0), known.isFull]).toEqual([false, false]);
    for (let id = 0; id < 100; id++) known.add({ id, spec: { kind: 'module', url: '', exportName: '' } });
    expect(known.isFull).toBe(true);
  });

  it.each(['inline', 'threads'] as const)('are there again when they are needed: %s', async (backend) => {
    await using pool = new Pool({ backend, workers: 1 });
    const table = new Uint8Array(2 ** 26).fill(3);
    const f = (i: number): number => table[i]!;
    for (let round = 0; round < 2; round++) {
      expect(await pool.map(f, [1], { with: { table } })).toEqual([3]);
      expect(await pool.map(add, [1])).toEqual([2]);
    }
  });
});
