import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearPoints, type Placed } from '../../src/backends/near-points.ts';

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

/** Looks at all of them. */
function nearestOf(items: readonly Placed[], point: Float64Array, tolerance: number): Placed | undefined {
  return items
    .filter((one) => distance(one.point, point) <= tolerance)
    .toSorted((a, b) => distance(a.point, point) - distance(b.point, point) || a.order - b.order)[0];
}

/** Points on a grid, so that many are equally near and many lie at the tolerance itself, and others anywhere. */
const coordinate = fc.oneof(
  fc.integer({ min: 0, max: 10 }).map((step) => step / 10),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

const world = fc.integer({ min: 1, max: 6 }).chain((dimension) =>
  fc.record({
    tolerance: fc.oneof(
      fc.constantFrom(0.05, 0.1, 0.2, 0.5, 1),
      fc.double({ min: 1e-12, max: 1, noNaN: true }),
    ),
    points: fc.array(fc.array(coordinate, { minLength: dimension, maxLength: dimension }), { maxLength: 80 }),
    queries: fc.array(fc.array(coordinate, { minLength: dimension, maxLength: dimension }), {
      minLength: 1,
      maxLength: 20,
    }),
    removed: fc.array(fc.nat(79)),
  }),
);

describe('points within a tolerance', () => {
  it('are found as by looking at all of them: the nearest one, of equally near ones the first', () => {
    fc.assert(
      fc.property(world, ({ tolerance, points, queries, removed }) => {
        const near = new NearPoints(tolerance);
        let items = points.map((point, order): Placed => ({ point: Float64Array.from(point), order }));
        // Not in their order.
        for (const item of items.toReversed()) near.add(item);
        const gone = new Set(removed.flatMap((at) => items[at] ?? []));
        for (const item of gone) near.delete(item);
        items = items.filter((item) => !gone.has(item));
        for (const query of queries) {
          const point = Float64Array.from(query);
          expect(near.nearest(point)).toBe(nearestOf(items, point, tolerance));
        }
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
