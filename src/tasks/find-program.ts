import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * A program as it would be found by its name.
 *
 * @param name a name to be looked for on PATH, or a path
 * @param baseDir what a relative path is relative to
 * @returns an absolute path; `undefined` when there is none that can be run
 */
export function findProgram(
  name: string,
  baseDir: string,
  searchPath: string = process.env['PATH'] ?? '',
): string | undefined {
  if (isPath(name)) return [path.resolve(baseDir, name)].find(isProgram);
  return searchPath
    .split(path.delimiter)
    .map((directory) => path.resolve(directory, name))
    .find(isProgram);
}

/** Whether it says where the program is, so that it is not looked for. */
export function isPath(name: string): boolean {
  return name.includes('/') || name.includes(path.sep);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
