import { describe, expect, it } from 'vitest';
import type { PoolFunction } from '../../src/pool/contract.ts';
import { fromFunction, specOf } from '../../src/pool/functions.ts';
import { Handles } from '../../src/pool/handles.ts';
import { method } from '../../src/pool.ts';

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
