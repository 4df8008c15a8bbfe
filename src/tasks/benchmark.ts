import { CodedError } from '../core/errors.ts';
import type { Benchmark } from './benchmarks/contract.ts';
import { benchmarks } from './benchmarks/registry.ts';
import type { Task, TaskSpec } from './contract.ts';

/** @throws {CodedError} `component-unknown`, or `task-load-failed` for a dimension that the function does not have */
export function loadBenchmarkTask(spec: Extract<TaskSpec, { kind: 'benchmark' }>): Task {
  const { name, dimensions, evaluate } = benchmarks.get(spec.name);
  if (spec.dimension < dimensions.min || spec.dimension > dimensions.max)
    throw new CodedError(
      'task-load-failed',
      `benchmark ${name} has ${rangeOf(dimensions)} parameters, not ${spec.dimension}`,
    );
  return { evaluate };
}

function rangeOf({ min, max }: Benchmark['dimensions']): string {
  if (max === Infinity) return `at least ${min}`;
  return min === max ? String(min) : `${min} to ${max}`;
}
