import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PYTHON_ROOT } from '../../core/places.ts';

/** The program that evaluates Python functions. */
export const PYTHON_WORKER: string = fileURLToPath(new URL('glompo/worker.py', PYTHON_ROOT));

/** A function of a Python file, of which the worker finds the one that is meant when it has no name. */
export interface PythonFunction {
  readonly file: string;
  readonly name?: string;
}

/** Reads `fit.py:loss`. A file may have colons in its path. */
export function pythonFunction(text: string): PythonFunction {
  const [, file = text, name] = /^(.+?)(?::([\p{L}_][\p{L}\p{N}_]*))?$/su.exec(text) ?? [];
  return name === undefined ? { file } : { file, name };
}

export function pythonLabel({ file, name }: PythonFunction): string {
  return `python ${path.basename(file)}${name === undefined ? '' : `:${name}`}`;
}
