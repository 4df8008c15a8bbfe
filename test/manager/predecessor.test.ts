import { describe, expect, it } from 'vitest';
import { Predecessor } from '../../src/manager/predecessor.ts';
import { RunRecord } from '../../src/manager/record.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';

const PARAMETERS: readonly Parameter[] = [
  { name: 'a', kind: 'free', type: 'real', scale: 'linear', min: 0, max: 10 },
];
/** Calls 1 to 5. */
const VALUES = [9, 3, 8, 1, 2];
const x = (callId: number): Float64Array => Float64Array.of(callId);
const point = (callId: number): { readonly x: Float64Array; readonly fx: number } | undefined =>
  callId <= VALUES.length ? { x: x(callId), fx: VALUES[callId - 1]! } : undefined;

function begin(
  inject: 'minima' | 'best' | 'none',
  minima: readonly number[],
): { record: RunRecord; predecessor: Predecessor } {
  const record = new RunRecord(new Space(PARAMETERS), { values: 0, points: 0, columns: [] }, 1);
  const predecessor = new Predecessor({ run: '/old', inject, force: false }, record, { point });
  const leftOut = { outside: 0, fixed: 0, tied: 0, constraints: 0 };
  predecessor.begin({ run: '/old', rows: VALUES.length, leftOut, minima });
  for (const [i, fx] of VALUES.entries()) {
    record.add({
      callId: i + 1,
      optimizerId: 0,
      candidateId: i + 1,
      fx,
      status: 'ok',
      isCounted: false,
      violation: 0,
      error: undefined,
      extras: undefined,
      x: () => x(i + 1),
      at: () => i + 1,
    });
    predecessor.passed(i + 1);
  }
  return { record, predecessor };
}

describe('the run that another one starts with', () => {
  it('is seen by generators as optimizers that converged in its minima, the best one last', () => {
    const { record } = begin('minima', [4, 2]);
    record.open(1, 'random', 0);
    expect(record.past().map(({ id, type, state, best }) => [id, type, state, best?.fx])).toEqual([
      [-1, -1, 'converged', 3],
      [0, -1, 'converged', 1],
      [1, 0, 'live', undefined],
    ]);
    expect(record.incumbent).toMatchObject({ callId: 4, optimizerId: 0, fx: 1 });
    expect(record.inVain).toBe(0);
  });

  it.each([
    ['minima', [4, 2, undefined]],
    ['best', [4, 4, 4]],
    ['none', [undefined, undefined, undefined]],
  ] as const)('has points for optimizers by %s', (inject, calls) => {
    const { predecessor } = begin(inject, [4, 2]);
    expect([1, 2, 3].map((id) => predecessor.pointFor(id)?.callId)).toEqual(calls);
  });

  it('may have lost some of its minima where its log was cut off', () => {
    const { predecessor } = begin('minima', [99, 2]);
    expect(predecessor.pointFor(1)?.callId).toBe(2);
  });
});
