import { messageOf } from '../core/errors.ts';
import type { OptionsSchema } from '../core/options.ts';
import { benchmarkInstance } from '../tasks/benchmark.ts';
import type { Benchmark } from '../tasks/benchmarks/contract.ts';
import { benchmarks } from '../tasks/benchmarks/registry.ts';
import type { BenchmarkSpec } from '../tasks/contract.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { type RawMap, shown } from './raw.ts';
import { check } from './schema.ts';
import { benchmarkTaskSchema } from './sections/task.ts';
import type { TaskRead } from './task.ts';

/** Reads a task that is one of the test functions. */
export function readBenchmark(map: RawMap, path: Path, problems: Problems): TaskRead | undefined {
  const known = findBenchmark(map['benchmark'], [...path, 'benchmark'], problems);
  if (!known) return undefined;
  const { isValid, values } = check(schemaOf(known), map, path, problems);
  if (!isValid) return undefined;
  const fault = known.fault?.(values as never);
  if (fault !== undefined) problems.add(path, fault);
  const { benchmark: _, ...options } = values;
  return fault === undefined ? broughtBy({ kind: 'benchmark', name: known.name, options }) : undefined;
}

const schemas = new Map<Benchmark, OptionsSchema>();

/** One and the same schema each time: compiled ones are kept by it. */
function schemaOf(benchmark: Benchmark): OptionsSchema {
  const known = schemas.get(benchmark) ?? benchmarkTaskSchema(benchmark);
  schemas.set(benchmark, known);
  return known;
}

function findBenchmark(name: unknown, path: Path, problems: Problems): Benchmark | undefined {
  try {
    if (typeof name === 'string') return benchmarks.get(name);
    problems.add(path, `expected the name of a benchmark, got ${shown(name)}`);
  } catch (error) {
    problems.add(path, messageOf(error));
  }
  return undefined;
}

/** The parameters that a benchmark brings along, with its bounds: x1, x2, … unless it has names for them. */
function broughtBy(spec: BenchmarkSpec): TaskRead {
  const { bounds, names, residuals } = benchmarkInstance(spec);
  const parameters = bounds.map(
    ({ min, max }, i) =>
      ({ name: names?.[i] ?? `x${i + 1}`, kind: 'free', type: 'real', scale: 'linear', min, max }) as const,
  );
  return { spec, parameters, hasResiduals: residuals !== undefined };
}
