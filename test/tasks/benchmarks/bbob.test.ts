import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import { bbobFunctions } from '../../../src/tasks/benchmarks/bbob/functions.ts';
import type { BenchmarkInstance } from '../../../src/tasks/benchmarks/contract.ts';

/** Values of COCO's own experiment library: points by dimension, values in their order. */
interface Reference {
  readonly x: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly problems: readonly {
    readonly f: number;
    readonly dim: number;
    readonly instance: number;
    readonly fopt: number;
    readonly y: readonly number[];
  }[];
}

const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, 'reference', 'bbob-reference.json'), 'utf8'),
) as Reference;

const make = (options: Readonly<Record<string, number>>): BenchmarkInstance =>
  benchmarkInstance({ kind: 'benchmark', name: 'bbob', options });

describe.each(bbobFunctions)('BBOB function $id, $title', ({ id }) => {
  const problems = reference.problems.filter(({ f }) => f === id);

  it('has the values that COCO computes, to 1e-9', () => {
    expect(problems).toHaveLength(30);
    for (const { dim, instance, y } of problems) {
      const { evaluate } = make({ function: id, dimension: dim, instance });
      reference.x[dim]!.forEach((x, k) => {
        const fx = evaluate(Float64Array.from(x));
        expect(Math.abs(fx - y[k]!) / Math.abs(y[k]!)).toBeLessThan(1e-9);
      });
    }
  });

  it('has its minimum where COCO has it', () => {
    for (const { dim, instance, fopt } of problems) {
      const { minimum, evaluate } = make({ function: id, dimension: dim, instance });
      // COCO has -6.299999999999998 where it adds its constants in another order.
      expect(minimum!.fx).toBeCloseTo(fopt, 12);
      expect(Math.abs(evaluate(minimum!.x!) - fopt)).toBeLessThan(1e-9);
    }
  });

  it('is penalized beyond its bounds, or goes on rising', () => {
    const { minimum, evaluate } = make({ function: id, dimension: 5, instance: 1 });
    const outside = evaluate(new Float64Array(5).fill(100));
    expect(Number.isFinite(outside)).toBe(true);
    expect(outside).toBeGreaterThanOrEqual(minimum!.fx);
  });
});
