import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../core/directories.ts';
import { CodedError, messageOf } from '../core/errors.ts';

/**
 * Writes a file that is not to take the place of another one.
 *
 * @returns its absolute path
 * @throws {CodedError} `usage` when there is one already, or none can be written there
 */
export function writeNew(file: string, text: string, overwrite: boolean): string {
  makeRoomFor(file);
  try {
    // It is the system that looks and writes in one step.
    writeFileSync(file, text, { flag: overwrite ? 'w' : 'wx' });
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST'
      ? new CodedError('usage', `${file} exists; --overwrite replaces it`)
      : unwritable(file, error);
  }
  return path.resolve(file);
}

/**
 * Makes the directory of a file that is to be written.
 *
 * @returns the first directory that was made, if any
 * @throws {CodedError} `usage` when it cannot be made
 */
export function makeRoomFor(file: string): string | undefined {
  try {
    return makeDirectory(path.dirname(file));
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): CodedError {
  return new CodedError('usage', `cannot write ${file}: ${messageOf(error)}`);
}
