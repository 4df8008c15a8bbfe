import { resolve } from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { OptionsSchema } from '../core/options.ts';
import type { Parameter } from '../space/parameter.ts';
import type { Benchmark } from '../tasks/benchmarks/contract.ts';
import { benchmarks } from '../tasks/benchmarks/registry.ts';
import { benchmarkInstance } from '../tasks/benchmark.ts';
import type { BenchmarkSpec, TaskSpec } from '../tasks/contract.ts';
import { findFault } from '../tasks/module.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, type RawMap, refuseUnknown, shown } from './raw.ts';
import { readResiduals } from './residuals.ts';
import { check } from './schema.ts';
import { benchmarkTaskSchema, moduleTaskSchema } from './sections.ts';

export interface TaskSetup {
  /** What relative paths are relative to. */
  readonly baseDir: string;
  /** Tries a task, such as by loading it in another process: what is wrong with it, if anything. */
  readonly probe?: ((spec: TaskSpec) => Promise<string | undefined>) | undefined;
}

/** Reads `task`; nothing when there is a mistake. */
export async function readTask(
  value: unknown,
  path: Path,
  problems: Problems,
  setup: TaskSetup,
): Promise<TaskSpec | undefined> {
  const { residuals, ...map } = isMap(value) ? value : ({} as RawMap);
  const rules = readResiduals(residuals, [...path, 'residuals'], problems);
  const spec = await readSource(value, map, path, problems, setup);
  return spec && rules ? { ...spec, residuals: rules } : spec;
}

async function readSource(
  value: unknown,
  map: RawMap,
  path: Path,
  problems: Problems,
  setup: TaskSetup,
): Promise<TaskSpec | undefined> {
  const kinds = ['module', 'benchmark'].filter((kind) => kind in map);
  if (kinds.length === 1)
    return 'module' in map ? readModule(map, path, problems, setup) : readBenchmark(map, path, problems);
  if (kinds.length > 1) problems.add(path, 'expected either module or benchmark, got both');
  else problems.add(path, `expected a map with module or benchmark, got ${shown(value)}`);
  if (isMap(value)) refuseUnknown(map, ['module', 'export', 'benchmark', 'dimension'], path, problems);
  return undefined;
}

async function readModule(
  map: RawMap,
  path: Path,
  problems: Problems,
  { baseDir, probe }: TaskSetup,
): Promise<TaskSpec | undefined> {
  const { isValid, values } = check(moduleTaskSchema, map, path, problems);
  const { module, export: exportName } = values as { readonly module?: string; readonly export?: string };
  if (module === undefined) return undefined;
  const spec: TaskSpec = {
    kind: 'module',
    path: resolve(baseDir, module),
    ...(exportName === undefined ? {} : { export: exportName }),
  };
  const fault = findFault(spec.path);
  const wrong = fault === undefined ? isValid && (await probe?.(spec)) : `${spec.path} ${fault}`;
  if (wrong) problems.add([...path, 'module'], wrong);
  return isValid && !wrong ? spec : undefined;
}

function readBenchmark(map: RawMap, path: Path, problems: Problems): TaskSpec | undefined {
  const known = findBenchmark(map['benchmark'], [...path, 'benchmark'], problems);
  if (!known) return undefined;
  const { isValid, values } = check(schemaOf(known), map, path, problems);
  if (!isValid) return undefined;
  const fault = known.fault?.(values as never);
  if (fault !== undefined) problems.add(path, fault);
  const { benchmark: _, ...options } = values;
  return fault === undefined ? { kind: 'benchmark', name: known.name, options } : undefined;
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

/** Whether a task is known to return residuals: the configuration says so, or it is such a benchmark. */
export function hasResiduals(spec: TaskSpec | undefined): boolean {
  if (!spec) return false;
  return (
    spec.residuals !== undefined ||
    (spec.kind === 'benchmark' && benchmarkInstance(spec).residuals !== undefined)
  );
}

/** The parameters that a benchmark brings along, with its bounds: x1, x2, … unless it has names for them. */
export function parametersOf(spec: BenchmarkSpec): readonly Parameter[] {
  const { bounds, names } = benchmarkInstance(spec);
  return bounds.map(({ min, max }, i) => ({
    name: names?.[i] ?? `x${i + 1}`,
    kind: 'free',
    type: 'real',
    scale: 'linear',
    min,
    max,
  }));
}
