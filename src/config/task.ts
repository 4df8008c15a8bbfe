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
  readonly probe?: ((spec: TaskSpec, names?: readonly string[]) => Promise<string | undefined>) | undefined;
  /** Of the parameters, as far as they can be told. */
  readonly names?: readonly string[] | undefined;
}

/** A task, and what is known of it. */
export interface TaskRead {
  readonly spec: TaskSpec;
  /** Those that it brings along, if it does. */
  readonly parameters?: readonly Parameter[];
  /** Whether it is known to return residuals. */
  readonly hasResiduals: boolean;
  /** What is wrong with it, if anything, where that takes a while to find out: the rest can be read meanwhile. */
  readonly fault?: Promise<LateFault | undefined>;
}

interface LateFault {
  readonly path: Path;
  readonly message: string;
}

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
  const [kind] = kinds;
  if (kinds.length > 1) problems.add(path, `expected one of ${KINDS.join(', ')}, got ${kinds.join(' and ')}`);
  else if (kind !== undefined) return READERS[kind](map, path, problems, setup);
  else problems.add(path, `expected a map with one of ${KINDS.join(', ')}, got ${shown(value)}`);
  if (isMap(value)) refuseUnknown(map, [...KINDS, 'export', 'dimension', 'protocol'], path, problems);
  return undefined;
}

type Reader = (
  map: RawMap,
  path: Path,
  problems: Problems,
  setup: TaskSetup,
) => Promise<TaskRead | undefined> | TaskRead | undefined;

const KINDS = ['module', 'benchmark', 'command', 'python'] as const;

/** By the key that tells what kind a task is. Who brings a module waits for the readers of no other kind. */
const READERS: Readonly<Record<(typeof KINDS)[number], Reader>> = {
  module: readModule,
  benchmark: async (map, path, problems) => {
    const { readBenchmark } = await import('./benchmark-task.ts');
    return readBenchmark(map, path, problems);
  },
  command: async (map, path, problems, setup) => {
    if ('protocol' in map) {
      const { readWorker } = await import('./worker-task.ts');
      return readWorker(map, path, problems, setup);
    }
    const { readCommand } = await import('./command-task.ts');
    return readCommand(map, path, problems, setup.baseDir);
  },
  python: async (map, path, problems, setup) => {
    const { readPython } = await import('./worker-task.ts');
    return readPython(map, path, problems, setup);
  },
};

function readModule(
  map: RawMap,
  path: Path,
  problems: Problems,
  { baseDir, probe }: TaskSetup,
): TaskRead | undefined {
  const { isValid, values } = check(moduleTaskSchema, map, path, problems);
  const { module, export: exportName } = values as { readonly module?: string; readonly export?: string };
  if (module === undefined) return undefined;
  const spec: TaskSpec = {
    kind: 'module',
    path: resolve(baseDir, module),
    ...(exportName === undefined ? {} : { export: exportName }),
  };
  const at = [...path, 'module'];
  const missing = findFault(spec.path);
  if (missing !== undefined) problems.add(at, `${spec.path} ${missing}`);
  if (!isValid || missing !== undefined) return undefined;
  const fault = probe?.(spec).then((message) => (message === undefined ? undefined : { path: at, message }));
  // It is looked at when all else has been read, or never when that fails.
  fault?.catch(() => {});
  return { spec, hasResiduals: false, ...(fault ? { fault } : {}) };
}
