import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import type { BenchmarkInstance } from '../../../src/tasks/benchmarks/contract.ts';
import { benchmarks } from '../../../src/tasks/benchmarks/registry.ts';
import { evaluationContext } from '../../../src/tasks/context.ts';
import type { Outcome } from '../../../src/tasks/contract.ts';
import { evaluateTask } from '../../../src/tasks/evaluate.ts';
import { loadTask } from '../../../src/tasks/load.ts';
import { casesOf, randomPoint } from './support.ts';

const make = (name: string, options: JsonObject): BenchmarkInstance =>
  benchmarkInstance({ kind: 'benchmark', name, options });

/** How far values near the minimum may be from it by rounding. */
const roundings = (fx: number, n: number): number => 1e-11 * n + 1e-9 * Math.abs(fx);

describe.each(benchmarks.names().flatMap((name) => casesOf(name).map((options) => ({ name, options }))))(
  '$name $options',
  ({ name, options }) => {
    const instance = make(name, options);
    const { bounds, names, minimum, evaluate, gradient, residuals, isNoisy } = instance;
    const n = bounds.length;

    it('has bounds, and a name for every parameter or for none', () => {
      expect(n).toBeGreaterThan(0);
      for (const { min, max } of bounds) expect(min).toBeLessThan(max);
      if (names) expect(new Set(names).size).toBe(n);
    });

    it('has its minimum where it says', () => {
      const x = minimum?.x;
      if (!x) return;
      expect(x).toHaveLength(n);
      expect(Math.abs(evaluate(x) - minimum.fx)).toBeLessThan(roundings(minimum.fx, n));
      bounds.forEach(({ min, max }, i) => {
        expect(x[i]).toBeGreaterThanOrEqual(min);
        expect(x[i]).toBeLessThanOrEqual(max);
      });
    });

    it('has values that are numbers within its bounds, none below the minimum', () => {
      const point = fc.tuple(...bounds.map(({ min, max }) => fc.double({ min, max, noNaN: true })));
      fc.assert(
        fc.property(point, (x) => {
          const fx = evaluate(Float64Array.from(x));
          // Regression models have poles and overflow: no number there.
          if (name === 'nist' && !Number.isFinite(fx)) return;
          expect(Number.isFinite(fx)).toBe(true);
          expect(fx).toBeGreaterThanOrEqual((minimum?.fx ?? -Infinity) - roundings(minimum?.fx ?? 0, n));
        }),
      );
    });

    it('has nothing lower near its minimum, at any scale', () => {
      if (!minimum?.x) return;
      const { x, fx } = minimum;
      for (let draw = 0; draw < 2000; draw++) {
        const step = 10 ** (-1 - (draw % 10));
        const random = randomPoint(bounds, draw);
        const near = x.map((value, i) => {
          const width = bounds[i]!.max - bounds[i]!.min;
          const moved = value + step * (random[i]! - bounds[i]!.min - width / 2);
          return Math.min(bounds[i]!.max, Math.max(bounds[i]!.min, moved));
        });
        expect(evaluate(near, draw)).toBeGreaterThanOrEqual(fx - roundings(fx, n));
      }
    });

    it('leaves its argument alone, and gives the same value again', () => {
      const x = randomPoint(bounds, 1);
      const copy = x.slice();
      const fx = evaluate(x, 7);
      gradient?.(x);
      residuals?.(x);
      evaluate(randomPoint(bounds, 2), 7);
      expect(x).toEqual(copy);
      expect(evaluate(x, 7)).toBe(fx);
      expect(make(name, options).evaluate(x, 7)).toBe(fx);
      if (isNoisy) expect(evaluate(x, 8)).not.toBe(fx);
    });

    it('has the gradient that differences give', () => {
      if (!gradient) return;
      for (let draw = 0; draw < 20; draw++) {
        const x = randomPoint(bounds, draw);
        const slopes = gradient(x);
        x.forEach((value, i) => {
          const step = 1e-6 * Math.max(1, Math.abs(value));
          const [up, down] = [x.slice(), x.slice()];
          up[i]! += step;
          down[i]! -= step;
          const slope = (evaluate(up) - evaluate(down)) / (2 * step);
          const scale =
            Math.abs(slope) + 1e-3 * Math.hypot(...slopes) + (1e-9 * Math.abs(evaluate(x))) / step + 1e-6;
          expect(Math.abs(slopes[i]! - slope) / scale).toBeLessThan(1e-4);
        });
      }
    });

    it('is the sum of its squared residuals', () => {
      if (!residuals) return;
      const x = minimum?.x ?? randomPoint(bounds, 3);
      const sum = residuals(x).reduce((total, value) => total + value * value, 0);
      expect(sum).toBeCloseTo(evaluate(x), 12);
    });
  },
);

/** What a task makes of the point (0.5, 0.25). */
const call = async (name: string, options: JsonObject, wantsGradient: boolean): Promise<unknown> => {
  const task = await loadTask({ kind: 'benchmark', name, options });
  const x = Float64Array.of(0.5, 0.25);
  const setup = { names: ['a', 'b'], seed: 1, optimizerId: 1, wantsGradient };
  return evaluateTask(task, x, evaluationContext(setup, 1, x, { signal: AbortSignal.abort() }));
};

describe('a benchmark task', () => {
  it('tells residuals where there are any, and a gradient where somebody uses it', async () => {
    expect(await call('sphere', { dimension: 2 }, false)).toEqual({ status: 'ok', fx: 0.3125 });
    expect(await call('sphere', { dimension: 2 }, true)).toEqual({
      status: 'ok',
      fx: 0.3125,
      extras: { gradient: [1, 0.5] },
    });
    const { evaluate, residuals } = make('nist', { problem: 'BoxBOD' });
    const found = (await call('nist', { problem: 'BoxBOD' }, false)) as Outcome;
    expect(found.fx).toBeCloseTo(evaluate(Float64Array.of(0.5, 0.25)), 9);
    expect(found.extras).toEqual({ residuals: [...residuals!(Float64Array.of(0.5, 0.25))] });
  });

  it.each([
    ['sphere', { dimension: 2.5 }, 'benchmark sphere: dimension: expected an integer in [1, 10000], got 2.5'],
    ['sphere', {}, 'benchmark sphere: dimension: expected an integer in [1, 10000], got undefined'],
    ['sphere', { dimension: 2, dim: 1 }, 'benchmark sphere: unknown option dim'],
    ['sphere', { dimension: 1001, rotate: 1 }, 'benchmark sphere: rotate is for up to 1000 parameters'],
    [
      'shubert',
      { dimension: 2, style: 'tan' },
      'benchmark shubert: style: expected one of product, sine, cosine, got "tan"',
    ],
    [
      'bbob',
      { function: 25, dimension: 2 },
      'benchmark bbob: function: expected an integer in [1, 24], got 25',
    ],
  ])('%s %j is refused', (name, options, message) => {
    expect(() => make(name, options as JsonObject)).toThrow(message);
  });
});
