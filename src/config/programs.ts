import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { findProgram, isPath } from '../tasks/find-program.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';

/**
 * Adds to the problems that there is no such program, or that it cannot be started: with a slash a path relative to `baseDir`, else a name
 * on PATH.
 */
export function checkProgram(program: string, baseDir: string, at: Path, problems: Problems): void {
  const found = findProgram(program, baseDir);
  if (found !== undefined) {
    const fault = faultOfFirstLine(found);
    if (fault !== undefined) problems.add(at, `${found} cannot be started: ${fault}`);
    return;
  }
  const wanted = path.resolve(baseDir, program);
  problems.add(
    at,
    isPath(program)
      ? `${wanted} is no program: ${whyNot(wanted)}`
      : `there is no program ${program} on PATH; for one beside this file write ./${program}`,
  );
}

/** Where a program is to run: an absolute path, which is among the problems if no directory is there. */
export function readDirectory(directory: string, baseDir: string, at: Path, problems: Problems): string {
  const cwd = path.resolve(baseDir, directory);
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    problems.add(at, `${cwd} is no directory`);
  return cwd;
}

/** What names it from any directory. */
export function absoluteProgram(program: string, baseDir: string): string {
  return isPath(program) ? path.resolve(baseDir, program) : program;
}

function whyNot(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return 'there is no such file';
  return found.isDirectory() ? 'it is a directory' : 'it may not be executed (chmod +x)';
}

/** Linux reads no more than this of it. */
const FIRST_LINE_BYTES = 256;

/** What is wrong with the line of a script that names its interpreter; the system would only say that the script does not exist. */
function faultOfFirstLine(file: string): string | undefined {
  const [line = '', ...rest] = beginningOf(file).split('\n');
  if (!line.startsWith('#!') || rest.length === 0) return undefined;
  if (line.endsWith('\r'))
    return 'its lines end as those of Windows do (\\r\\n); write them with \\n alone (dos2unix)';
  const [interpreter = ''] = line.slice(2).trim().split(/\s/, 1);
  return interpreter.startsWith('/') && !existsSync(interpreter)
    ? `its first line names ${interpreter}, which does not exist`
    : undefined;
}

/** Empty when it may not be read: it may be executed all the same. */
function beginningOf(file: string): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(FIRST_LINE_BYTES);
      return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
