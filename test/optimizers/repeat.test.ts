import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import { repeat } from '../../src/optimizers/repeat.ts';
import { transported } from './support.ts';

const start = Float64Array.of(0.25, 0.5);
const make = (times: number): Optimizer =>
  repeat.create({ times }, { dimension: 2, start, random: RandomStream.at(1, 'repeat'), steps: [0, 0] });

describe('repeat', () => {
  it('asks for its starting point so many times, and is done when all answers are in', () => {
    const optimizer = make(3);
    expect(optimizer.batchSize).toBe(3);
    const first = optimizer.ask(2);
    const second = optimizer.ask(5);
    expect([...first, ...second].map(({ id }) => id)).toEqual([1, 2, 3]);
    for (const { x } of [...first, ...second]) expect(x).toEqual(start);
    expect(optimizer.ask(5)).toEqual([]);
    optimizer.tell([{ ...second[0]!, fx: NaN }]);
    expect(optimizer.stopReason).toBeUndefined();
    optimizer.tell(first.map((candidate) => ({ ...candidate, fx: 1 })));
    expect(optimizer.stopReason).toEqual({ kind: 'times', detail: 'its point was evaluated 3 times' });
  });

  it('refuses an answer that it did not ask for', () => {
    expect(() => {
      make(3).tell([{ id: 1, x: start, fx: 0 }]);
    }).toThrow(expect.objectContaining({ code: 'tell-mismatch' }));
  });

  it('goes on from a snapshot', () => {
    const optimizer = make(3);
    const [one, two] = optimizer.ask(2);
    optimizer.tell([{ ...two!, fx: 5 }]);
    const copy = make(3);
    copy.restore(transported(optimizer.snapshot()));
    copy.tell([{ ...one!, fx: 5 }]);
    expect(copy.ask(9).map(({ id }) => id)).toEqual([3]);
  });
});
