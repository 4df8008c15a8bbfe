import { readdirSync, rmSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/** What was compiled is written so long after the start, and at the end: many a process is not left to come to its end. */
const FLUSH_MS = 2000;

/** A file for each that was ever imported, and glompo has 150: the others are of tasks and plug-ins, in directories that may be gone. */
const MOST_FILES = 2000;

/**
 * From here on what is imported is compiled once for all processes and threads that do the same. It takes effect for what is imported after
 * it only: so an entry calls it, and then imports the rest.
 *
 * `NODE_COMPILE_CACHE` names another directory, and `NODE_DISABLE_COMPILE_CACHE` turns it off, as with Node.js itself.
 */
export function useCompileCache(): void {
  const directory = process.env['NODE_COMPILE_CACHE'] ? undefined : cacheDirectory();
  if (directory === undefined) return;
  // Older ones have none.
  nodeModule.enableCompileCache?.(directory);
  setTimeout(() => {
    nodeModule.flushCompileCache?.();
  }, FLUSH_MS).unref();
}

/** Empties it when it has grown too large; to be called at the end of a command. */
export function limitCompileCache(): void {
  const directory = process.env['NODE_COMPILE_CACHE'] ? undefined : cacheDirectory();
  if (directory === undefined) return;
  try {
    // One for each version of Node.js and each set of its flags.
    for (const one of readdirSync(directory).map((name) => path.join(directory, name)))
      if (readdirSync(one).length > MOST_FILES) rmSync(one, { recursive: true, force: true });
  } catch {
    // There is none, or somebody else does the same.
  }
}

/**
 * Code that is found there is run. So it is not the temporary directory, where anybody on the machine may be the first to make one, and not
 * that of another user whose environment was taken along.
 *
 * @returns undefined when there is no such place
 */
export function cacheDirectory(): string | undefined {
  try {
    const home = homedir();
    const caches = cachesOf(home);
    const { uid } = statSync(caches, { throwIfNoEntry: false }) ?? statSync(home);
    if (process.getuid && uid !== process.getuid()) return undefined;
    return path.join(caches, 'glompo', 'compiled');
  } catch {
    return undefined;
  }
}

function cachesOf(home: string): string {
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches');
  const given = process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'] ?? '';
  return path.isAbsolute(given) ? given : path.join(home, '.cache');
}
