import { statSync } from 'node:fs';
import path from 'node:path';
import type { OptionsSchema } from '../core/options.ts';
import type { EnvironmentRule, WorkerSpec } from '../tasks/contract.ts';
import { PYTHON_WORKER, pythonFunction, pythonLabel } from '../tasks/worker/python.ts';
import { readEnvironment } from './environment.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { absoluteProgram, checkProgram, readDirectory } from './programs.ts';
import type { RawMap } from './raw.ts';
import { check } from './schema.ts';
import { pythonTaskSchema, workerTaskSchema } from './sections/worker-task.ts';
import type { TaskRead, TaskSetup } from './task.ts';

const WORKER = withEnvironment(workerTaskSchema);
const PYTHON = withEnvironment(pythonTaskSchema);

/** What both kinds have in common, read. */
interface Common {
  readonly directory?: string;
  readonly maxEvaluationsPerWorker?: number;
  readonly startSeconds: number;
  readonly environment?: EnvironmentRule;
}

/** Reads a task that is a program which stays up: `command` with `protocol`. */
export async function readWorker(
  map: RawMap,
  at: Path,
  problems: Problems,
  setup: TaskSetup,
): Promise<TaskRead | undefined> {
  const before = problems.count;
  const { command, protocol, ...common } = read(WORKER, map, at, problems) as Common & {
    readonly command?: readonly string[];
    readonly protocol?: string;
  };
  const [program = '', ...rest] = command ?? [];
  if (command) checkProgram(program, setup.baseDir, [...at, 'command', 0], problems);
  if (problems.count > before) return undefined;
  const argv = [absoluteProgram(program, setup.baseDir), ...rest];
  const label = [path.basename(program), ...rest].join(' ');
  return probed(
    specOf({ argv, label, written: { command: argv, protocol: protocol! } }, common, setup),
    [...at, 'command'],
    problems,
    setup,
  );
}

/** Reads a task that is a function in a Python file. */
export async function readPython(
  map: RawMap,
  at: Path,
  problems: Problems,
  setup: TaskSetup,
): Promise<TaskRead | undefined> {
  const before = problems.count;
  const { python, interpreter, ...common } = read(PYTHON, map, at, problems) as Common & {
    readonly python?: string;
    readonly interpreter?: string;
  };
  const place = 'interpreter' in map ? 'interpreter' : 'python';
  if (interpreter !== undefined) checkProgram(interpreter, setup.baseDir, [...at, place], problems);
  const given = pythonFunction(python ?? '');
  const wanted = { ...given, file: path.resolve(setup.baseDir, given.file) };
  if (python !== undefined && !isFile(wanted.file))
    problems.add(
      [...at, 'python'],
      `${wanted.file} does not exist; expected a Python file, or file.py:function`,
    );
  if (problems.count > before) return undefined;
  const found = absoluteProgram(interpreter!, setup.baseDir);
  const { file, name } = wanted;
  const spec = specOf(
    {
      argv: [found, '-u', PYTHON_WORKER, file, ...(name === undefined ? [] : [name])],
      label: pythonLabel(wanted),
      written: { python: name === undefined ? file : `${file}:${name}`, interpreter: found },
    },
    common,
    setup,
  );
  return probed(spec, [...at, 'python'], problems, setup);
}

/** The options that are right, with defaults; the environment is read apart. */
function read(schema: OptionsSchema, map: RawMap, at: Path, problems: Problems): Common {
  const { environment: _, ...values } = check(schema, map, at, problems).values;
  const environment = readEnvironment(map['environment'], [...at, 'environment'], problems);
  return { ...(values as unknown as Common), ...(environment ? { environment } : {}) };
}

/** For finding keys: `environment` is read apart. */
function withEnvironment(schema: OptionsSchema): OptionsSchema {
  const environment = { description: 'which environment variables it gets' };
  return { ...schema, properties: { ...schema.properties, environment } };
}

function specOf(
  { argv, label, written }: Pick<WorkerSpec, 'argv' | 'label' | 'written'>,
  { directory = '.', maxEvaluationsPerWorker, startSeconds, environment }: Common,
  { baseDir }: TaskSetup,
): WorkerSpec {
  const cwd = path.resolve(baseDir, directory);
  const limits = {
    ...(maxEvaluationsPerWorker === undefined ? {} : { maxEvaluationsPerWorker }),
    startSeconds,
  };
  const rule = environment && {
    ...(environment.pass ? { pass: [...environment.pass] } : {}),
    ...(environment.set ? { set: { ...environment.set } } : {}),
  };
  return {
    kind: 'worker',
    argv,
    cwd,
    ...(environment ? { environment } : {}),
    ...limits,
    label,
    written: { ...written, directory: cwd, ...(rule ? { environment: rule } : {}), ...limits },
  };
}

async function probed(
  spec: WorkerSpec,
  at: Path,
  problems: Problems,
  { baseDir, probe, names }: TaskSetup,
): Promise<TaskRead | undefined> {
  const before = problems.count;
  readDirectory(spec.cwd, baseDir, [...at.slice(0, -1), 'directory'], problems);
  if (problems.count > before) return undefined;
  const wrong = await probe?.(spec, names);
  if (wrong !== undefined) problems.add(at, wrong);
  return wrong === undefined ? { spec, hasResiduals: false } : undefined;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
