import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownPoints } from '../../src/backends/known-points.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';

const PARAMETERS: readonly Parameter[] = [
  { name: 'a', kind: 'free', type: 'real', scale: 'linear', min: -5, max: 5 },
  { name: 'k', kind: 'free', type: 'real', scale: 'log', min: 1e-3, max: 10 },
  { name: 'n', kind: 'free', type: 'integer', scale: 'linear', min: 0, max: 9 },
  { name: 'c', kind: 'fixed', value: 2.5 },
];
const space = new Space(PARAMETERS);
const at = (...unit: readonly number[]): Float64Array => space.toTask(Float64Array.from(unit));
const value = (fx: number): { readonly fx: number; readonly violation: number } => ({ fx, violation: 0 });

describe('known points without a tolerance', () => {
  it('are found by the same bits alone, with all that was said of them', () => {
    const points = new KnownPoints(space, 0);
    points.add(at(0.5, 0.25, 0.3), { fx: 1, violation: 0.5, extras: { note: 'here' } }, 1);
    expect(points.find(at(0.5, 0.25, 0.3))).toMatchObject({
      fx: 1,
      violation: 0.5,
      extras: { note: 'here' },
    });
    expect(points.find(at(0.5 + 1e-15, 0.25, 0.3))).toBeUndefined();
    expect(points.find(at(0.5, 0.25, 0.4))).toBeUndefined();
  });

  it('keep the value with the lowest order, whichever came first', () => {
    for (const orders of [
      [3, 7],
      [7, 3],
    ]) {
      const points = new KnownPoints(space, 0);
      for (const order of orders) points.add(at(0.1, 0.2, 0.3), value(order), order);
      expect(points.find(at(0.1, 0.2, 0.3))?.fx).toBe(3);
      expect(points.size).toBe(1);
    }
  });

  it.each([0, 0.01])(
    'leave, the oldest first, when there are more than there may be (tolerance %d)',
    (tolerance) => {
      const points = new KnownPoints(space, tolerance, 3);
      for (let i = 0; i < 5; i++) points.add(at(i / 5, 0, 0), value(i), i);
      expect(points.size).toBe(3);
      expect([0, 1, 2, 3, 4].map((i) => points.find(at(i / 5, 0, 0))?.fx)).toEqual([
        undefined,
        undefined,
        2,
        3,
        4,
      ]);
    },
  );
});

describe('known points with a tolerance', () => {
  it('are found within it on every scale: a part of each parameter’s range, whose integers are as far apart as their cells are wide', () => {
    const points = new KnownPoints(space, 0.05);
    points.add(at(0.5, 0.5, 0.35), value(1), 1);
    expect(points.find(at(0.54, 0.46, 0.31))?.fx).toBe(1);
    expect(points.find(at(0.56, 0.5, 0.35))).toBeUndefined();
    expect(points.find(at(0.5, 0.56, 0.35))).toBeUndefined();
    expect(points.find(at(0.5, 0.5, 0.45))).toBeUndefined();
  });

  it('give the value of the nearest one, as looking at all of them does', () => {
    const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
    const point = fc.tuple(coordinate, coordinate, coordinate);
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 60 }),
        point,
        fc.double({ min: 0.01, max: 0.4, noNaN: true }),
        (all, query, tolerance) => {
          const points = new KnownPoints(space, tolerance);
          for (const [order, unit] of all.entries()) points.add(at(...unit), value(order), order);
          const asked = space.toUnit(at(...query));
          const distances = all.map((unit) => {
            const known = space.toUnit(at(...unit));
            return Math.max(...known.map((one, i) => Math.abs(one - asked[i]!)));
          });
          const least = Math.min(...distances, Infinity);
          const expected = least <= tolerance ? distances.indexOf(least) : undefined;
          expect(points.find(at(...query))?.fx).toBe(expected);
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});
