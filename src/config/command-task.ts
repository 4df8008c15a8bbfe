import type { JsonObject } from '../core/json.ts';
import type { CommandSpec } from '../tasks/command/spec.ts';
import { readDakota, readTemplates, readWorkDirectory, writtenDakota } from './command-parts.ts';
import { readEnvironment } from './environment.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { absoluteProgram, checkProgram, readDirectory } from './programs.ts';
import { type RawMap, shown } from './raw.ts';
import { readReadings, writtenReadings } from './readings.ts';
import { check } from './schema.ts';
import { commandTaskSchema } from './sections/command-task.ts';
import type { TaskRead } from './task.ts';

/** What `commandTaskSchema` checks. */
interface Plain {
  readonly command: readonly string[];
  readonly shell: boolean;
  readonly directory?: string;
  readonly stdin: 'none' | 'json';
  readonly okExitCodes?: readonly number[];
  readonly retryExitCodes?: readonly number[];
  readonly maxOutputBytes: number;
  readonly graceSeconds: number;
}

/** Reads a task that is a program, started for each evaluation. */
export function readCommand(
  map: RawMap,
  path: Path,
  problems: Problems,
  baseDir: string,
): TaskRead | undefined {
  const before = problems.count;
  const { templates, environment, workDirectory, dakota, read, ...plain } = map;
  const shell = plain['shell'] === true;
  const { values } = check(commandTaskSchema, asList(plain, shell, path, problems), path, problems);
  const rule = readEnvironment(environment, [...path, 'environment'], problems);
  const files = readTemplates(templates, [...path, 'templates'], problems, baseDir);
  const driver = readDakota(dakota, [...path, 'dakota'], problems);
  const needsDirectory = files.length > 0 || driver !== undefined;
  const room = readWorkDirectory(
    workDirectory,
    [...path, 'workDirectory'],
    problems,
    baseDir,
    needsDirectory,
  );
  const readings = readReadings(read, [...path, 'read'], problems);
  if (driver && read !== undefined && read !== null)
    problems.add([...path, 'read'], 'dakota says what is read: the results file');
  if (problems.count > before || !readings) return undefined;
  const settings = values as unknown as Plain;
  const cwd = readDirectory(settings.directory ?? '.', baseDir, [...path, 'directory'], problems);
  const argv = shell ? settings.command : locate(settings.command, [...path, 'command'], problems, baseDir);
  if (problems.count > before) return undefined;
  const spec: Omit<CommandSpec, 'written'> = {
    kind: 'command',
    argv,
    shell,
    cwd,
    stdin: settings.stdin,
    ...(rule ? { environment: rule } : {}),
    templates: files,
    ...(room ? { workDirectory: room } : {}),
    ...(driver ? { dakota: driver } : {}),
    read: driver ? {} : readings,
    okExitCodes: settings.okExitCodes ?? [0],
    retryExitCodes: settings.retryExitCodes ?? [75],
    maxOutputBytes: settings.maxOutputBytes,
    graceSeconds: settings.graceSeconds,
  };
  const hasResiduals = driver?.isCalibration ?? readings.residuals !== undefined;
  return { spec: { ...spec, written: writtenOf(spec) }, hasResiduals };
}

/** With `shell` the command is one text, and a list of one elsewhere. */
function asList(plain: RawMap, shell: boolean, path: Path, problems: Problems): RawMap {
  const { command } = plain;
  if (typeof command === 'string') {
    if (shell) return { ...plain, command: [command] };
    problems.add(
      [...path, 'command'],
      'expected a list, [program, argument, …], got a text; with shell: true a text is interpreted by /bin/sh',
    );
  } else if (shell) {
    problems.add([...path, 'command'], `expected a text, since shell is true, got ${shown(command)}`);
  } else return plain;
  // Only so that there is nothing more to say of it.
  return { ...plain, command: ['true'] };
}

function locate(
  command: readonly string[],
  path: Path,
  problems: Problems,
  baseDir: string,
): readonly string[] {
  const [name = '', ...rest] = command;
  checkProgram(name, baseDir, [...path, 0], problems);
  return [absoluteProgram(name, baseDir), ...rest];
}

function writtenOf(spec: Omit<CommandSpec, 'written'>): JsonObject {
  const { argv, shell, cwd, environment, templates, workDirectory, dakota } = spec;
  return {
    command: shell ? argv[0]! : [...argv],
    shell,
    directory: cwd,
    stdin: spec.stdin,
    ...(environment ? { environment: environment as unknown as JsonObject } : {}),
    ...(templates.length > 0
      ? { templates: Object.fromEntries(templates.map(({ to, from }) => [to, from])) }
      : {}),
    ...(workDirectory ? { workDirectory: workDirectory as unknown as JsonObject } : {}),
    ...(dakota ? { dakota: writtenDakota(dakota) } : { read: writtenReadings(spec.read) }),
    okExitCodes: [...spec.okExitCodes],
    retryExitCodes: [...spec.retryExitCodes],
    maxOutputBytes: spec.maxOutputBytes,
    graceSeconds: spec.graceSeconds,
  };
}
