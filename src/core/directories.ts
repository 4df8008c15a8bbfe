import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a directory and those above it, as far as they are not there.
 *
 * `mkdirSync` of Node.js, with `recursive`, never comes back where a filesystem says `ENOENT` of what it does not make, as `/proc` does: it takes that for a
 * directory above that is missing, and tries for ever.
 *
 * @returns the first that was made, if any
 * @throws what the system says of the first that cannot be made
 */
export function makeDirectory(directory: string): string | undefined {
  const whole = path.resolve(directory);
  const parent = path.dirname(whole);
  const first = existsSync(parent) ? undefined : makeDirectory(parent);
  try {
    mkdirSync(whole);
    return first ?? whole;
  } catch (error) {
    // Another process may have made it in the meantime.
    if (isDirectory(whole)) return first;
    throw error;
  }
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
