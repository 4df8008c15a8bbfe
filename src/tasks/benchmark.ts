import { CodedError, describe } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { expectation, type OptionSchema } from '../core/options.ts';
import type { BenchmarkInstance } from './benchmarks/contract.ts';
import { benchmarks } from './benchmarks/registry.ts';
import type { BenchmarkSpec, Task, TaskFunction } from './contract.ts';

/** @throws {CodedError} `component-unknown`, or `task-load-failed` for options that the function does not have */
export function loadBenchmarkTask(spec: BenchmarkSpec): Task {
  const instance = benchmarkInstance(spec);
  const { distance } = instance;
  return { evaluate: evaluateOf(instance), borrows: true, ...(distance ? { distance } : {}) };
}

/** Residuals, of which the value is the sum of squares, where there are any; a gradient where somebody uses it. */
function evaluateOf({ evaluate, gradient, residuals, isNoisy }: BenchmarkInstance): TaskFunction {
  if (isNoisy) return (x, { seed }) => evaluate(x, seed);
  if (residuals) return (x) => ({ residuals: residuals(x) });
  if (!gradient) return (x) => evaluate(x);
  return (x, { wantsGradient }) =>
    wantsGradient ? { value: evaluate(x), gradient: gradient(x) } : evaluate(x);
}

/**
 * The test function that a configuration or a log names.
 *
 * @throws {CodedError} `component-unknown`, or `task-load-failed` for options that the function does not have
 */
export function benchmarkInstance({ name, options }: BenchmarkSpec): BenchmarkInstance {
  const benchmark = benchmarks.get(name);
  const { properties, required = [] } = benchmark.options;
  const refuse = (fault: string): never => {
    throw new CodedError('task-load-failed', `benchmark ${name}: ${fault}`);
  };
  for (const key of Object.keys(options))
    if (!Object.hasOwn(properties, key)) refuse(`unknown option ${key}`);
  const given: Record<string, Json> = {};
  for (const [key, schema] of Object.entries(properties)) {
    const value = options[key] ?? schema.default;
    if (value !== undefined) given[key] = value;
    if (value === undefined ? required.includes(key) : !fits(schema, value))
      refuse(`${key}: expected ${expectation(schema)}, got ${describe(value)}`);
  }
  const all: JsonObject = given;
  const fault = benchmark.fault?.(all as never);
  return fault === undefined ? benchmark.create(all as never) : refuse(fault);
}

/** Whether a value is what the schema of an option of a benchmark allows: numbers and choices. */
function fits({ enum: choices, ...schema }: OptionSchema, value: Json): boolean {
  if (choices) return choices.includes(value as never);
  if (typeof value !== 'number' || (schema.type === 'integer' && !Number.isInteger(value))) return false;
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = schema;
  return value >= minimum && value > exclusiveMinimum && value <= maximum;
}
