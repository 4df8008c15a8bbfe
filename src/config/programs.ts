import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Where a program is: with a slash a path relative to `baseDir`, else on PATH.
 *
 * @returns its absolute path, or the name as it is for one on PATH; or what is wrong with it
 */
export function findProgram(
  name: string,
  baseDir: string,
): { readonly program: string } | { readonly fault: string } {
  if (name.includes('/')) {
    const program = path.resolve(baseDir, name);
    const fault = faultOf(program);
    return fault === undefined ? { program } : { fault: `${program} ${fault}` };
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  if (folders.some((folder) => faultOf(path.join(folder, name)) === undefined)) return { program: name };
  const here = faultOf(path.resolve(baseDir, name)) === undefined;
  return {
    fault: `there is no program ${name} on PATH${here ? `; write ./${name} for the one beside the configuration` : ''}`,
  };
}

function faultOf(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return 'is a directory, expected a program';
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' ? 'may not be executed (chmod +x?)' : 'does not exist';
  }
}
