import type { JsonObject } from '../core/json.ts';
import { json, object } from './json-schema-parts.ts';
import { parameterSchema, tiedParameterSchema } from './sections/parameters.ts';

/** The kinds of parameters: free, fixed and tied. */
export function parameterSchemas(): readonly JsonObject[] {
  return [free(), of(['name', 'value'], ['name', 'value']), tied()];
}

function free(): JsonObject {
  const integer = { type: 'integer' };
  return {
    ...of(['name', 'min', 'max', 'type', 'scale', 'initial'], ['name', 'min', 'max']),
    allOf: [
      unless('scale', 'linear', { min: { exclusiveMinimum: 0 } }),
      unless('type', 'real', { min: integer, max: integer, initial: integer }),
    ],
  };
}

/** What holds of other keys where `key` has not this value, which is its default. */
function unless(key: string, value: string, properties: JsonObject): JsonObject {
  return { anyOf: [{ properties: { [key]: { const: value } } }, { properties }] };
}

function of(keys: readonly string[], required: readonly string[]): JsonObject {
  return object(
    Object.fromEntries(keys.map((key) => [key, json(parameterSchema.properties[key]!)])),
    required,
  );
}

function tied(): JsonObject {
  const { name, min, max, value } = tiedParameterSchema.properties;
  const expression = { ...json(value!), pattern: '^\\s*=' };
  return object({ name: json(name!), value: expression, min: json(min!), max: json(max!) }, [
    'name',
    'value',
  ]);
}

/** For the whole configuration: a benchmark brings its parameters along, nothing else does. */
export function parametersUnlessBenchmark(): JsonObject {
  return {
    if: { properties: { task: { required: ['benchmark'] } } },
    else: { required: ['parameters'], properties: { parameters: { type: 'array' } } },
  };
}
