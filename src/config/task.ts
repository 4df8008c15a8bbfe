import { resolve } from 'node:path';
import type { Parameter } from '../space/parameter.ts';
import type { TaskSpec } from '../tasks/contract.ts';
import { findFault } from '../tasks/module.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, type RawMap, refuseUnknown, shown } from './raw.ts';
import { readResiduals } from './residuals.ts';
import { check } from './schema.ts';
import { moduleTaskSchema } from './sections/task.ts';

export interface TaskSetup {
  /** What relative paths are relative to. */
  readonly baseDir: string;
  /** Tries a task, such as by loading it in another process: what is wrong with it, if anything. */
  readonly probe?: ((spec: TaskSpec) => Promise<string | undefined>) | undefined;
}

/** A task, and what is known of it. */
export interface TaskRead {
  readonly spec: TaskSpec;
  /** Those that it brings along, if it does. */
  readonly parameters?: readonly Parameter[];
  /** Whether it is known to return residuals. */
  readonly hasResiduals: boolean;
}

/** By which key a task is known. */
const KINDS = ['module', 'benchmark', 'command'] as const;

/** Reads `task`; nothing when there is a mistake. */
export async function readTask(
  value: unknown,
  path: Path,
  problems: Problems,
  setup: TaskSetup,
): Promise<TaskRead | undefined> {
  const { residuals, ...map } = isMap(value) ? value : ({} as RawMap);
  const rules = readResiduals(residuals, [...path, 'residuals'], problems);
  const read = await readSource(value, map, path, problems, setup);
  return read && rules ? { ...read, spec: { ...read.spec, residuals: rules }, hasResiduals: true } : read;
}

async function readSource(
  value: unknown,
  map: RawMap,
  path: Path,
  problems: Problems,
  setup: TaskSetup,
): Promise<TaskRead | undefined> {
  const kinds = KINDS.filter((kind) => kind in map);
  if (kinds.length === 1) {
    if ('module' in map) return readModule(map, path, problems, setup);
    if ('command' in map) {
      const { readCommand } = await import('./command-task.ts');
      return readCommand(map, path, problems, setup.baseDir);
    }
    // Who brings a task of their own waits for none of these.
    const { readBenchmark } = await import('./benchmark-task.ts');
    return readBenchmark(map, path, problems);
  }
  if (kinds.length > 1) problems.add(path, `expected one of ${KINDS.join(', ')}, got ${kinds.join(' and ')}`);
  else problems.add(path, `expected a map with one of ${KINDS.join(', ')}, got ${shown(value)}`);
  if (isMap(value)) refuseUnknown(map, [...KINDS, 'export', 'dimension'], path, problems);
  return undefined;
}

async function readModule(
  map: RawMap,
  path: Path,
  problems: Problems,
  { baseDir, probe }: TaskSetup,
): Promise<TaskRead | undefined> {
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
  return isValid && !wrong ? { spec, hasResiduals: false } : undefined;
}
