import { statSync } from 'node:fs';
import path from 'node:path';
import type { TaskSpec } from './contract.ts';
import { PYTHON_WORKER } from './worker/python.ts';

/** The files of which a task is made, as far as they are known: with another content it is another task. */
export function filesOf(task: TaskSpec): readonly string[] {
  switch (task.kind) {
    case 'module':
      return [task.path];
    case 'benchmark':
      return [];
    case 'worker':
      // With the worker of another version of ours it is the same task.
      return argumentFiles(task.argv, task.cwd).filter((file) => file !== PYTHON_WORKER);
    case 'command':
      return [
        ...(task.shell ? [] : argumentFiles(task.argv, task.cwd)),
        ...task.templates.map(({ from }) => from),
      ];
  }
}

/** Those arguments that name files: the program itself, unless it is looked for on PATH, and scripts of its. */
function argumentFiles(argv: readonly string[], cwd: string): readonly string[] {
  const [program = '', ...rest] = argv;
  const named = program.includes(path.sep) ? argv : rest;
  return named.map((argument) => path.resolve(cwd, argument)).filter(isFile);
}

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
