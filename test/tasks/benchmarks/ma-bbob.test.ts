import { describe, expect, it } from 'vitest';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import type { BenchmarkInstance } from '../../../src/tasks/benchmarks/contract.ts';

const make = (dimension: number, instance: number): BenchmarkInstance =>
  benchmarkInstance({ kind: 'benchmark', name: 'ma-bbob', options: { dimension, instance } });

describe('MA-BBOB', () => {
  it('has the value that IOHexperimenter tests its own with', () => {
    expect(make(2, 1).evaluate(Float64Array.of(1, 2))).toBeCloseTo(3.521076347, 8);
  });

  it('has its minimum in the inner part of the domain, for a hundred instances', () => {
    for (const dimension of [2, 5, 10, 20])
      for (let instance = 1; instance <= 100; instance++) {
        const { minimum, evaluate } = make(dimension, instance);
        for (const x of minimum!.x!) expect(Math.abs(x)).toBeLessThanOrEqual(4);
        expect(minimum!.fx).toBeLessThan(1e-9);
        expect(evaluate(minimum!.x!)).toBe(minimum!.fx);
      }
  });
});
