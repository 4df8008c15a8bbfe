import { statSync } from 'node:fs';
import path from 'node:path';
import { findProgram, isPath } from '../tasks/find-program.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';

/** Adds to the problems that there is no such program: with a slash a path relative to `baseDir`, else a name on PATH. */
export function checkProgram(program: string, baseDir: string, at: Path, problems: Problems): void {
  if (findProgram(program, baseDir) !== undefined) return;
  const wanted = path.resolve(baseDir, program);
  problems.add(
    at,
    isPath(program)
      ? `${wanted} is no program: ${isFile(wanted) ? 'it may not be executed (chmod +x)' : 'there is no such file'}`
      : `there is no program ${program} on PATH; for one beside this file write ./${program}`,
  );
}

/** What names it from any directory. */
export function absoluteProgram(program: string, baseDir: string): string {
  return isPath(program) ? path.resolve(baseDir, program) : program;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
