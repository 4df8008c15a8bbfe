import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/optimizers/contract.ts';
import { drive, make, transported } from './support.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** In which of `slices` equal parts of the range each point is in one coordinate, sorted. */
const slicesOf = (points: readonly Candidate[], coordinate: number, slices: number): number[] =>
  points.map(({ x }) => Math.floor(x[coordinate]! * slices)).toSorted((a, b) => a - b);

const key = ({ x }: Candidate): string => x.join(' ');

describe('sobol', () => {
  it('hits each slice of each range once, from any multiple of a power of two on', () => {
    const optimizer = make('sobol', { dimension: 40 });
    for (let block = 0; block < 3; block++) {
      const points = optimizer.ask(64);
      for (const i of [0, 1, 20, 39]) expect(slicesOf(points, i, 64)).toEqual(upTo(64));
    }
  });

  it('leaves out what it is to skip', () => {
    const all = make('sobol').ask(30).map(key);
    const later = make('sobol', { options: { skip: 20 } }).ask(10);
    expect(later.map(key)).toEqual(all.slice(20));
    expect(later[0]!.id).toBe(1);
  });

  it('never stops', () => {
    const optimizer = make('sobol');
    drive(optimizer, () => NaN, 2000);
    expect(optimizer.stopReason).toBeUndefined();
  });
});

describe('latin-hypercube', () => {
  it('hits each slice of each range once in every hypercube, 10 n points by default', () => {
    const optimizer = make('latin-hypercube', { dimension: 4 });
    expect(optimizer.batchSize).toBe(40);
    const [first, second] = [optimizer.ask(40), optimizer.ask(40)];
    for (const i of upTo(4)) {
      expect(slicesOf(first, i, 40)).toEqual(upTo(40));
      expect(slicesOf(second, i, 40)).toEqual(upTo(40));
    }
    expect(first.map(key)).not.toEqual(second.map(key));
  });

  it('is exhausted when the answers of its last hypercube are there', () => {
    const optimizer = make('latin-hypercube', { options: { points: 7, hypercubes: 2 } });
    const candidates = optimizer.ask(100);
    expect(candidates).toHaveLength(14);
    const [last, ...others] = candidates.map((candidate) => ({ ...candidate, fx: 1 }));
    optimizer.tell(others);
    expect(optimizer.stopReason).toBeUndefined();
    optimizer.tell([last!]);
    expect(optimizer.stopReason).toEqual({ kind: 'exhausted', detail: 'all its 14 points were evaluated' });
    const copy = make('latin-hypercube', { seed: 5, options: { points: 7, hypercubes: 2 } });
    copy.restore(transported(optimizer.snapshot()));
    expect(copy.stopReason).toEqual(optimizer.stopReason);
  });
});

describe('grid', () => {
  it('evaluates every combination once, bounds and the values of integers among them', () => {
    const optimizer = make('grid', { dimension: 3, steps: [0, 3, 0], options: { pointsPerAxis: 5 } });
    const { answers } = drive(optimizer, () => 1);
    expect(new Set(answers.map(key)).size).toBe(75);
    const values = (i: number): number[] =>
      [...new Set(answers.map(({ x }) => x[i]!))].toSorted((a, b) => a - b);
    expect(values(0)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(values(1)).toEqual([0.5 / 3, 0.5, 2.5 / 3]);
    expect(optimizer.stopReason?.kind).toBe('exhausted');
  });

  it('takes some of the values of an integer that has many', () => {
    const optimizer = make('grid', { dimension: 1, steps: [101], options: { pointsPerAxis: 3 } });
    const { answers } = drive(optimizer, () => 1);
    expect(answers.map(({ x }) => Math.floor(x[0]! * 101)).toSorted((a, b) => a - b)).toEqual([0, 50, 100]);
  });

  it.each([1, 2, 3])('spreads its first points over the box, seed %i', (seed) => {
    const optimizer = make('grid', { dimension: 4, seed, options: { pointsPerAxis: 8 } });
    const points = optimizer.ask(64);
    for (const i of upTo(4)) {
      const counts = upTo(8).map((slice) => points.filter(({ x }) => Math.round(x[i]! * 7) === slice).length);
      expect(Math.max(...counts)).toBeLessThanOrEqual(16);
      expect(Math.min(...counts)).toBeGreaterThan(1);
    }
  });

  it('takes the middle when one value is all there is', () => {
    expect(
      make('grid', { options: { pointsPerAxis: 1 } })
        .ask(9)
        .map(key),
    ).toEqual(['0.5 0.5 0.5']);
  });
});
