import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import type { CacheSettings } from './run-config.ts';
import { check } from './schema.ts';
import { cacheSchema } from './sections/cache.ts';

/**
 * Reads `cache`: `true` or a map with its options; `false`, and when it is not there: none.
 *
 * @returns nothing when there is none, or a mistake
 */
export function readCache(value: unknown, path: Path, problems: Problems): CacheSettings | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  const map = value === true ? {} : value;
  if (!isMap(map)) {
    problems.add(path, `expected true, false or a map, got ${shown(value)}`);
    return undefined;
  }
  const { isValid, values } = check(cacheSchema, map, path, problems);
  return isValid ? (values as unknown as CacheSettings) : undefined;
}
