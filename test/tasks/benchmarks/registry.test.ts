import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benchmarks } from '../../../src/tasks/benchmarks/registry.ts';

describe.each(benchmarks.all())('$name', ({ dimensions, bounds, minimum, evaluate }) => {
  const sizes = [1, 2, 3, 10, 40].filter((n) => n >= dimensions.min && n <= dimensions.max);

  it('has its minimum where it says', () => {
    for (const n of sizes) {
      const { x, fx } = minimum(n);
      expect(x).toHaveLength(n);
      expect(Math.abs(evaluate(x) - fx)).toBeLessThan(1e-11 * n);
      const box = bounds(n);
      expect(box).toHaveLength(n);
      box.forEach(({ min, max }, i) => {
        expect(x[i]).toBeGreaterThanOrEqual(min);
        expect(x[i]).toBeLessThanOrEqual(max);
      });
    }
  });

  it('has finite values within its bounds, none below the minimum', () => {
    const point = fc
      .constantFrom(...sizes)
      .chain((n) => fc.tuple(...bounds(n).map(({ min, max }) => fc.double({ min, max, noNaN: true }))));
    fc.assert(
      fc.property(point, (x) => {
        const fx = evaluate(Float64Array.from(x));
        expect(Number.isFinite(fx)).toBe(true);
        expect(fx).toBeGreaterThanOrEqual(minimum(x.length).fx - 1e-11 * x.length);
      }),
    );
  });

  it('leaves its argument alone', () => {
    const x = new Float64Array(dimensions.min).fill(0.3);
    const copy = x.slice();
    evaluate(x);
    expect(x).toEqual(copy);
  });
});

describe('minima that others published', () => {
  it.each([
    ['michalewicz', 2, -1.8013],
    ['michalewicz', 5, -4.687658],
    ['michalewicz', 10, -9.66015],
    ['shubert', 2, -186.7309],
  ])('%s in %i dimensions: %d', (name, dimension, fx) => {
    const digits = String(fx).split('.')[1]!.length;
    expect(Math.abs(benchmarks.get(name).minimum(dimension).fx - fx)).toBeLessThan(0.5000001 * 10 ** -digits);
  });
});

describe('values that others computed', () => {
  // Surjanovic & Bingham, Virtual Library of Simulation Experiments; R code of each function, run at these points.
  it.each([
    ['sphere', [1, 2, 3], 14],
    ['rosenbrock', [-1.2, 1], 24.2],
    ['rastrigin', [0.5, 0.5], 40.5],
    ['schwefel', [0, 0], 837.9657745448674],
    ['ackley', [1, 1], 3.6253849384403627],
    ['michalewicz', [2.2, 1.57], -1.8011407184738242],
    ['shubert', [0, 0], 19.87583624980209],
  ])('%s(%s) = %d', (name, x, fx) => {
    expect(benchmarks.get(name).evaluate(Float64Array.from(x))).toBeCloseTo(fx, 10);
  });
});
