import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { lineCounter, readYaml } from './document.ts';
import { Places } from './places.ts';
import { ConfigError, Problems } from './problems.ts';
import { resolveDraft, type ResolveOptions } from './resolve.ts';
import type { RunConfig } from './run-config.ts';

/**
 * Reads a configuration: YAML, then `--set`, then checks and defaults.
 *
 * @param file relative to the working directory; messages show it as it is given here. Paths within it are relative to it.
 * @throws {ConfigError} with all mistakes and where they stand
 */
export async function loadConfig(file: string, options: ResolveOptions = {}): Promise<RunConfig> {
  return readConfigText(readText(file), file, options);
}

/** The same for a text that is to be in a file, whether it is there or not. */
export async function readConfigText(
  text: string,
  file: string,
  options: ResolveOptions = {},
): Promise<RunConfig> {
  const places = new Places();
  const problems = new Problems(places);
  places.setValue([], { line: 1, column: 1 });
  const value = readYaml(text, lineCounter(text), places, problems);
  if (value === undefined) problems.throwIfAny(file);
  return resolveDraft({ value, places, problems }, { ...options, baseDir: dirname(resolve(file)) }, file);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const message =
      code === 'ENOENT'
        ? 'no such file'
        : code === 'EISDIR'
          ? 'expected a file, got a directory'
          : messageOf(error);
    throw new ConfigError([{ path: '', message }], file);
  }
}
