import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Axis } from '../../../src/views/story/axis.ts';
import type { AxisPatch } from '../../../src/views/story/frame.ts';

interface Value {
  readonly id: number;
  readonly at: number;
  readonly fx: number;
}

const values = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 5 }),
    at: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 4e10 })),
    fx: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
  { maxLength: 200 },
);

function filled(all: readonly Value[]): Axis {
  const axis = new Axis();
  for (const { id, at, fx } of all) axis.add(id, at, fx, 1);
  return axis;
}

/** What a page has that takes one patch after the other. */
function together(patches: readonly AxisPatch[]): ReadonlyMap<number, readonly number[]> {
  const tracks = new Map<number, number[]>();
  for (const { isWhole, tracks: changed } of patches) {
    if (isWhole) tracks.clear();
    for (const { id, from, points } of changed)
      tracks.set(id, [...(tracks.get(id) ?? []).slice(0, 4 * from), ...points]);
  }
  return tracks;
}

describe('the axis of a story', () => {
  it('keeps the least and the greatest value of every optimizer', () => {
    fc.assert(
      fc.property(values, (all) => {
        const { tracks } = filled(all).patch(0);
        for (const { id, points } of tracks) {
          const own = all.filter((value) => value.id === id).map(({ fx }) => fx);
          const drawn = points.filter((_, i) => i % 2 === 1);
          expect(Math.min(...drawn)).toBe(Math.min(...own));
          expect(Math.max(...drawn)).toBe(Math.max(...own));
        }
      }),
    );
  });

  it('draws only what was there, in the order of the axis', () => {
    fc.assert(
      fc.property(values, (all) => {
        for (const { id, points } of filled(all).patch(0).tracks) {
          for (let i = 0; i < points.length; i += 2)
            expect(all).toContainEqual({ id, at: points[i], fx: points[i + 1] });
          const positions = points.filter((_, i) => i % 2 === 0);
          expect(positions).toEqual(positions.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('has no more columns than it may, and tells the same whatever patches it is asked for', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (all, size) => {
        const axis = new Axis();
        const patches = [axis.patch(0)];
        let revision = 1;
        for (let first = 0; first < all.length; first += size) {
          revision++;
          for (const { id, at, fx } of all.slice(first, first + size)) axis.add(id, at, fx, revision);
          patches.push(axis.patch(revision - 1));
        }
        const whole = filled(all).patch(0);
        expect(together(patches)).toEqual(together([whole]));
        for (const { points } of whole.tracks) expect(points.length / 4).toBeLessThanOrEqual(2048);
      }),
    );
  });

  it('becomes coarser rather than large when hundreds of optimizers are alive', () => {
    const axis = new Axis();
    for (let call = 1; call <= 400_000; call++) axis.add(call % 500, call, call, 1);
    const buckets = axis.patch(0).tracks.reduce((sum, { points }) => sum + points.length / 4, 0);
    expect(buckets).toBeLessThanOrEqual(40_000);
    expect(buckets).toBeGreaterThan(10_000);
  });
});
