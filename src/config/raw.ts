import { describe } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';

/** A map as it was written, nothing in it checked. It has no prototype, so that any key is only a key. */
export interface RawMap {
  [key: string]: unknown;
}

export function isMap(value: unknown): value is RawMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

export function emptyMap(): RawMap {
  return Object.create(null) as RawMap;
}

/** A value for a message, in the words of YAML. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (!isMap(value)) return describe(value);
  return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
}

/** Reports every key of `map` that is not one of `known`. */
export function refuseUnknown(map: RawMap, known: readonly string[], path: Path, problems: Problems): void {
  for (const key of Object.keys(map))
    if (!known.includes(key)) problems.add([...path, key], unknownOption(key, known), 'key');
}

/** `unknown option; did you mean populationSize?` */
export function unknownOption(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `unknown option; did you mean ${near}?`;
  return known.length === 0
    ? 'unknown option (there are none)'
    : `unknown option (known: ${known.join(', ')})`;
}

/** A copy of a value that a program built, with maps as `RawMap`s and `undefined` left out. */
export function copyOf(
  value: unknown,
  path: Path,
  problems: Problems,
  ancestors: readonly object[] = [],
): unknown {
  if (typeof value !== 'object' || value === null || !(Array.isArray(value) || isMap(value))) return value;
  if (ancestors.includes(value)) {
    problems.add(path, 'contains itself');
    return null;
  }
  const within = [...ancestors, value];
  if (Array.isArray(value)) return value.map((item, i) => copyOf(item, [...path, i], problems, within));
  const copy = emptyMap();
  for (const [key, item] of Object.entries(value))
    if (item !== undefined) copy[key] = copyOf(item, [...path, key], problems, within);
  return copy;
}

/** A map that need not be there; anything else is told. */
export function readOptionalMap(value: unknown, path: Path, problems: Problems): RawMap | undefined {
  if (value === undefined || value === null) return undefined;
  if (isMap(value)) return value;
  problems.add(path, `expected a map, got ${shown(value)}`);
  return undefined;
}
