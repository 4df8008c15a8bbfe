// Not from `node:fs/promises`, which costs each worker that starts a tenth of its time.
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodedError } from '../core/errors.ts';
import { BESIDES, besidesOf } from './besides.ts';
import type { Task, TaskSpec } from './contract.ts';
import { chooseExport } from './exports.ts';
import { explainImportError } from './import-error.ts';

type ModuleSpec = Extract<TaskSpec, { kind: 'module' }>;

/** What Node imports as a module; `.ts` and its kin by stripping the types. */
const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * Imports a user's file, once a thread: Node keeps what it imported.
 *
 * @throws {CodedError} `task-load-failed`
 */
export async function loadModuleTask(spec: ModuleSpec): Promise<Task> {
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(spec.path).href)) as Record<string, unknown>;
  } catch (thrown) {
    throw loadError(spec.path, findFault(spec.path) ?? explainImportError(thrown, spec.path), thrown);
  }
  const choice = chooseExport(exported, spec.export);
  if ('fault' in choice) throw loadError(spec.path, choice.fault);
  const { task } = choice;
  const more = Object.fromEntries(
    BESIDES.filter((name) => task[name] === undefined && typeof exported[name] === 'function').map((name) => [
      name,
      exported[name],
    ]),
  ) as Partial<Task>;
  if (Object.keys(more).length === 0) return task;
  return { ...besidesOf(task), ...more, evaluate: (x, context) => task.evaluate(x, context) };
}

/** What is wrong with the file itself, before it is read: `does not exist`. */
export function findFault(path: string): string | undefined {
  try {
    if (statSync(path).isDirectory()) return 'is a directory, expected a .ts or .js file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read: ${String(code)}`;
  }
  return EXTENSIONS.includes(extname(path))
    ? undefined
    : `is not JavaScript or TypeScript (${EXTENSIONS.join(', ')})`;
}

function loadError(path: string, fault: string, cause?: unknown): CodedError {
  return new CodedError('task-load-failed', `task module ${path} ${fault}`, { cause });
}
