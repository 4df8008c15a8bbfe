import { resolve } from 'node:path';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import type { WarmStartSettings } from './run-config.ts';
import { check } from './schema.ts';
import { warmStartSchema } from './sections/warm-start.ts';

/**
 * Reads `warmStart`: the directory of a run, or a map with it. Whether there is such a run, and one that fits, is looked at when a run begins.
 *
 * @param baseDir what relative paths are relative to
 * @returns nothing when there is none, or a mistake
 */
export function readWarmStart(
  value: unknown,
  path: Path,
  problems: Problems,
  baseDir: string,
): WarmStartSettings | undefined {
  if (value === undefined || value === null) return undefined;
  const map = typeof value === 'string' ? { run: value } : value;
  if (!isMap(map)) {
    problems.add(path, `expected the directory of a run, or a map with it, got ${shown(value)}`);
    return undefined;
  }
  const { isValid, values } = check(warmStartSchema, map, path, problems, 'run');
  if (!isValid) return undefined;
  const given = values as unknown as WarmStartSettings;
  return { ...given, run: resolve(baseDir, given.run) };
}
