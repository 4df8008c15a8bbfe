import type { Json, JsonObject } from '../core/json.ts';
import type { OptionSchema, OptionsSchema } from '../core/options.ts';

/** A map with these keys and no others. */
export function object(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
}

export function listOf(items: JsonObject): JsonObject {
  return { type: 'array', minItems: 1, items };
}

export function anyOf(...schemas: readonly Json[]): JsonObject {
  return { anyOf: schemas };
}

/** A section whose lines are all commented out is null. */
export function orNull(...schemas: readonly Json[]): JsonObject {
  return anyOf(...schemas, { type: 'null' });
}

/** To one of the definitions. */
export function reference(name: string): JsonObject {
  return { $ref: `#/$defs/${name}` };
}

/** Schemas are JSON, only typed more narrowly. */
export function json(schema: OptionsSchema | OptionSchema | OptionsSchema['properties']): JsonObject {
  return schema as unknown as JsonObject;
}

/** Integers have an end in JavaScript: the last one that is not also its neighbour. */
export function withSafeIntegers<Value extends Json>(schema: Value): Value {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((item: Json) => withSafeIntegers(item)) as unknown as Value;
  const map = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withSafeIntegers(value)]),
  );
  if (map['type'] !== 'integer') return map as Value;
  const ends = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
  return { ...ends, ...map } as unknown as Value;
}
