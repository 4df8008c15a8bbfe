import { describe } from '../core/errors.ts';
import type { Json } from '../core/json.ts';

/** A value that a task returned and that no JSON can hold; the message says where and what it is. */
export class NotJsonError extends Error {}

/**
 * A copy of what a task returned, as JSON: `undefined` is left out, a number that is not finite becomes `null`, typed arrays become
 * lists, and objects with `toJSON` (dates) say themselves what they are. A copy, since tasks reuse their objects.
 *
 * @param path where `value` stands, for the message: `extras.stress`
 * @throws {NotJsonError} `extras.stress is a function, which is not JSON`
 */
export function toJson(value: unknown, path: string, ancestors: readonly object[] = []): Json | undefined {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'string')
    return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') throw notJson(path, `the bigint ${value}`);
  if (typeof value !== 'object') throw notJson(path, describe(value));
  if (ancestors.includes(value)) throw notJson(path, 'an object that contains itself');
  const within = [...ancestors, value];
  if (Array.isArray(value) || isTypedArray(value))
    return Array.from(value, (item, i) => toJson(item, `${path}[${i}]`, within) ?? null);
  if ('toJSON' in value && typeof value.toJSON === 'function') return toJson(value.toJSON(''), path, within);
  if (!isPlain(value)) throw notJson(path, `a ${value.constructor.name}`);
  const entries = Object.entries(value).map(
    ([key, item]) => [key, toJson(item, `${path}.${key}`, within)] as const,
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** True for `{…}` of any realm; a Map, a Set or a class instance would lose what it holds. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isTypedArray(value: object): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function notJson(path: string, what: string): NotJsonError {
  return new NotJsonError(`${path} is ${what}, which is not JSON`);
}
