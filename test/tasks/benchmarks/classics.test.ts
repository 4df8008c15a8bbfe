import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import type { BenchmarkInstance } from '../../../src/tasks/benchmarks/contract.ts';
import { benchmarks } from '../../../src/tasks/benchmarks/registry.ts';
import { casesOf, randomPoint } from './support.ts';

const make = (name: string, options: JsonObject): BenchmarkInstance =>
  benchmarkInstance({ kind: 'benchmark', name, options });

describe('minima that others published', () => {
  it.each([
    ['michalewicz', { dimension: 2 }, -1.8013],
    ['michalewicz', { dimension: 5 }, -4.687658],
    ['michalewicz', { dimension: 10 }, -9.66015],
    ['shubert', { dimension: 2 }, -186.7309],
    ['alpine02', { dimension: 1 }, -2.808],
    ['alpine02', { dimension: 2 }, -7.8856],
    ['langermann', {}, -5.16213],
    ['shekel', { dimension: 4, wells: 5 }, -10.1532],
    ['shekel', { dimension: 4, wells: 7 }, -10.4029],
    ['shekel', { dimension: 4, wells: 10 }, -10.5364],
    ['styblinski-tang', { dimension: 1 }, -39.16617],
  ])('%s %j: %d', (name, options, fx) => {
    const digits = String(fx).split('.')[1]!.length;
    const { minimum } = make(name, options);
    expect(Math.abs(minimum!.fx - fx)).toBeLessThan(0.5000001 * 10 ** -digits);
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
    expect(make(name, { dimension: x.length }).evaluate(Float64Array.from(x))).toBeCloseTo(fx, 10);
  });
});

describe('values that the formulas give by hand', () => {
  it.each([
    ['alpine01', [Math.PI, Math.PI / 2], 0.1 * Math.PI + 1.1 * (Math.PI / 2)],
    ['alpine02', [Math.PI / 2, Math.PI / 2], -Math.PI / 2],
    ['easom', [Math.PI, 0], Math.exp(-Math.PI * Math.PI)],
    ['griewank', [0, Math.PI * Math.SQRT2], 2 + (2 * Math.PI * Math.PI) / 4000],
    ['levy', [5], 1],
    ['levy', [5, 1], 1 + 10 * Math.sin(1) ** 2],
    ['qing', [0, 0, 0], 14],
    ['rana', [-500, -500], -928.5478554047827],
    ['styblinski-tang', [1, 2], -5 - 19],
    ['trigonometric', [0.9 + Math.sqrt(Math.PI / 14), 0.9], 1 + 8 + Math.PI / 14],
    ['vincent', [1, Math.exp(Math.PI / 20)], -1],
    ['zero-sum', [1, 3], 201],
    ['shekel', [0, 0, 0, 0], -0.321729],
  ])('%s(%j) = %d', (name, x, fx) => {
    const digits = name === 'shekel' ? 6 : 10;
    expect(make(name, { dimension: x.length }).evaluate(Float64Array.from(x))).toBeCloseTo(fx, digits);
  });

  it('deceptive leads away from its minimum', () => {
    const { minimum, evaluate } = make('deceptive', { dimension: 1, seed: 3 });
    const a = minimum!.x![0]!;
    const values = [0, 0.4 * a, 0.8 * a, 0.9 * a, a, (1 + 4 * a) / 5, 1].map((x) =>
      evaluate(Float64Array.of(x)),
    );
    const expected = [0.64, 0.16, 0, 0.25, 1, 0, 0.64];
    values.forEach((value, i) => expect(value).toBeCloseTo(-expected[i]!, 12));
  });
});

describe('an independent search', () => {
  const formulas = benchmarks.all().filter(({ options }) => 'shift' in options.properties);
  const cases = formulas.flatMap(({ name }) =>
    casesOf(name)
      .filter((options) => make(name, options).bounds.length <= 3)
      .map((options) => [name, options] as const),
  );

  it.each(cases)('finds nothing below the minimum of %s %j', (name, options) => {
    const { bounds, minimum, evaluate } = make(name, options);
    const { fx } = minimum!;
    const least = search(evaluate, bounds, 20);
    expect(least).toBeGreaterThanOrEqual(fx - 1e-9 * (1 + Math.abs(fx)));
  });

  it.each([
    ['rana', { dimension: 2 }, -963.2259],
    ['rana', { dimension: 3 }, -1462.1779],
    ['langermann', {}, -5.16213],
    ['shekel', { dimension: 2 }, undefined],
    ['alpine02', { dimension: 2 }, -7.8856],
    ['michalewicz', { dimension: 2 }, -1.8013],
    ['shubert', { dimension: 2, style: 'cosine' }, undefined],
    ['shubert', { dimension: 2, style: 'sine' }, undefined],
  ])('comes to the minimum of %s %j', (name, options, published) => {
    const { bounds, minimum, evaluate } = make(name, options);
    const least = search(evaluate, bounds, 400);
    expect(Math.abs(least - minimum!.fx)).toBeLessThan(1e-6 * Math.abs(minimum!.fx));
    if (published !== undefined) expect(least).toBeCloseTo(published, 3);
  });
});

/** The lowest value of so many local searches: random moves, shorter and shorter as they fail. */
function search(
  f: BenchmarkInstance['evaluate'],
  bounds: BenchmarkInstance['bounds'],
  starts: number,
): number {
  let least = Infinity;
  for (let start = 0; start < starts; start++) {
    let x = randomPoint(bounds, start);
    let fx = f(x);
    let size = 0.1;
    for (let move = 0; size > 1e-9 && move < 2000; move++) {
      const random = randomPoint(bounds, 1e6 * (start + 1) + move);
      const next = x.map((value, i) => {
        const { min, max } = bounds[i]!;
        return Math.min(max, Math.max(min, value + size * (2 * random[i]! - min - max)));
      });
      const value = f(next);
      if (value < fx) [x, fx, size] = [next, value, size * 1.5];
      else size *= 0.9;
    }
    least = Math.min(least, fx);
  }
  return least;
}
