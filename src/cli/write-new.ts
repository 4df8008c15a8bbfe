import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError, messageOf } from '../core/errors.ts';

/**
 * Writes a file that is not to take the place of another one.
 *
 * @returns its absolute path
 * @throws {CodedError} `usage` when there is one already, or none can be written there
 */
export function writeNew(file: string, text: string, overwrite: boolean): string {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    // It is the system that looks and writes in one step.
    writeFileSync(file, text, { flag: overwrite ? 'w' : 'wx' });
  } catch (error) {
    throw new CodedError(
      'usage',
      error instanceof Error && 'code' in error && error.code === 'EEXIST'
        ? `${file} exists; --overwrite replaces it`
        : `cannot write ${file}: ${messageOf(error)}`,
    );
  }
  return path.resolve(file);
}
