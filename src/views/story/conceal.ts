import type { Json } from '../../core/json.ts';

const CONCEALED = '***';

/** What was configured, without the values of the environment that programs are given: a page may be shown to others, and passwords stand there. */
export function concealed<Value extends Json>(value: Value): Value {
  return without(value) as Value;
}

function without(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(without);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === 'environment' && isObject(one) && isObject(one['set'] ?? null)
        ? { ...one, set: Object.fromEntries(Object.keys(one['set']!).map((key) => [key, CONCEALED])) }
        : without(one),
    ]),
  );
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
