import { describe, expect, it } from 'vitest';
import { PointSlab } from '../../src/optimizers/slab.ts';

describe('memory for points', () => {
  // Few numbers, several points a piece of memory, and more numbers than a piece usually has.
  it.each([1, 8, 9, 100, 1024, 1500])(
    'gives points of %i numbers that are 0 and that no other one shares',
    (n) => {
      const slab = new PointSlab(n);
      const points = Array.from({ length: 300 }, (_, k) => {
        const point = slab.next();
        expect(point).toHaveLength(n);
        expect(point.every((value) => value === 0)).toBe(true);
        return point.fill(k + 1);
      });
      for (const [k, point] of points.entries()) expect(point.every((value) => value === k + 1)).toBe(true);
    },
  );
});
