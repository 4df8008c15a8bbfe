import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answer,
  drive,
  failing,
  pointsOf,
  Session,
  sphere,
  startAt,
  subjects,
  transported,
  usual,
} from '../support.ts';
import { halfMissing, stateOf, small, runs, searching } from './support.ts';

describe.each(subjects)('%s', (name) => {
  const f = usual(name);

  it.each([
    ['its usual function', f],
    ['one that fails half of the time', failing(name)],
    ['one that fails in half of the box', halfMissing],
  ])('continues from a snapshot taken at any moment as if never stopped, on %s', (_, objective) => {
    let midway = 0;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 400 }), (seed, moment) => {
        const original = new Session(small(name, { seed: 5 }), objective, seed).steps(moment);
        if (original.pendingCount > 0) midway++;
        const restored = small(name, { seed: 99, start: startAt(5, 3) });
        restored.restore(transported(original.optimizer.snapshot()));
        const copy = original.continuedWith(restored);
        const before = original.seen.length;
        original.steps(60);
        copy.steps(60);
        expect(pointsOf(copy.seen)).toEqual(pointsOf(original.seen.slice(before)));
        expect(copy.optimizer.stopReason).toEqual(original.optimizer.stopReason);
        expect(stateOf(copy.optimizer)).toEqual(stateOf(original.optimizer));
      }),
      { numRuns: runs(name, 40), seed: 2 },
    );
    expect(midway).toBeGreaterThan(runs(name, 40) / 8);
  });

  it('continues from a snapshot taken with half of a batch told', () => {
    const original = small(name, { dimension: 6 });
    for (let round = 0; round < 30; round++) {
      const candidates = original.ask(Math.max(2, original.batchSize));
      const half = Math.ceil(candidates.length / 2);
      const late = candidates.slice(half).map((candidate) => answer(candidate, f));
      original.tell(candidates.slice(0, half).map((candidate) => answer(candidate, f)));
      const restored = small(name, { dimension: 6, seed: 99, start: startAt(1, 6) });
      restored.restore(transported(original.snapshot()));
      for (const optimizer of [original, restored]) optimizer.tell(late);
      expect(stateOf(restored)).toEqual(stateOf(original));
    }
  });

  it('gives snapshots that later calls leave alone', () => {
    const session = new Session(small(name), f, 4).steps(50);
    const snapshot = session.optimizer.snapshot();
    const before = structuredClone(snapshot);
    session.steps(50);
    expect(snapshot).toEqual(before);
  });

  it('is not changed by what is done to a snapshot that it gave or took', () => {
    const session = new Session(small(name), f, 4).steps(50);
    const before = stateOf(session.optimizer);
    session.optimizer.snapshot().block.fill(0.5);
    expect(stateOf(session.optimizer)).toEqual(before);
    const taken = transported(session.optimizer.snapshot());
    session.optimizer.restore(taken);
    taken.block.fill(0.5);
    expect(stateOf(session.optimizer)).toEqual(before);
  });
});

describe.each(searching)('%s', (name) => {
  it('is still stopped, for the same reason, after a snapshot', () => {
    const original = small(name);
    drive(original, sphere());
    expect(original.stopReason).toBeDefined();
    const restored = small(name, { seed: 99 });
    restored.restore(transported(original.snapshot()));
    expect(restored.stopReason).toEqual(original.stopReason);
    expect(restored.ask(10)).toEqual([]);
    expect(stateOf(restored)).toEqual(stateOf(original));
  });
});
