import type { BenchmarkInstance } from '../../tasks/benchmarks/contract.ts';
import type { Problem, Yardstick } from '../problem.ts';

/** What may be chosen of a suite. */
export interface Choice<Value> {
  /** What is taken when nothing is chosen. */
  readonly usual: readonly Value[];
  has(this: void, value: Value): boolean;
  /** For messages. */
  readonly known: string;
}

/** Some of a suite's functions, which a report looks at apart from the others. */
export interface Group {
  readonly name: string;
  has(this: void, name: string): boolean;
}

/** Problems that are looked at together. */
export interface Suite {
  readonly name: string;
  readonly functions: Choice<string>;
  readonly dimensions: Choice<number>;
  readonly instances: Choice<number>;
  /** Besides `all`. */
  readonly groups: readonly Group[];
  /** Whether dimensions are looked at apart: each has the same functions. */
  readonly isByDimension: boolean;
  /** @returns nothing when the function does not exist in the dimension */
  problem(this: void, name: string, dimension: number, instance: number): Problem | undefined;
  /** What differences from the optimum mean; they are taken as they are when not given. */
  measure?(this: void, instance: BenchmarkInstance): Pick<Yardstick, 'scale' | 'precision'>;
}

/** All integers from `min` to `max`. */
export function between(min: number, max: number, usual: readonly number[]): Choice<number> {
  return {
    usual,
    has: (value) => Number.isInteger(value) && value >= min && value <= max,
    known: `${min} to ${max}`,
  };
}

export function oneOf<Value extends string | number>(
  values: readonly Value[],
  usual: readonly Value[] = values,
): Choice<Value> {
  return { usual, has: (value) => values.includes(value), known: values.join(', ') };
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
