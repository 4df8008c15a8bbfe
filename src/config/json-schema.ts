import { checkers } from '../checkers/registry.ts';
import type { Known } from '../core/component.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { OptionSchema, OptionsSchema } from '../core/options.ts';
import { generators } from '../generators/registry.ts';
import { hunters } from '../hunters/registry.ts';
import { namedOptimizers } from '../optimizers/registry.ts';
import { selectors } from '../selectors/registry.ts';
import { benchmarks } from '../tasks/benchmarks/registry.ts';
import { type Part, withExtras } from './components.ts';
import { programSchemas } from './json-schema-programs.ts';
import { cacheSchema } from './sections/cache.ts';
import { checkpointsSchema } from './sections/checkpoints.ts';
import { managerSchema, recoverSchema } from './sections/manager.ts';
import { optimizerExtras, spawnSchema } from './sections/optimizers.ts';
import { parameterSchema, tiedParameterSchema } from './sections/parameters.ts';
import { benchmarkTaskSchema, moduleTaskSchema, residualRuleSchema } from './sections/task.ts';
import { warmStartSchema } from './sections/warm-start.ts';

/** A JSON Schema (draft 2020-12) of configurations, for editors: every component, its options and what they mean. */
export function configSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'glompo configuration',
    ...object(
      {
        plugins: {
          description: 'modules with components of your own; relative to this file',
          ...listOf({ type: 'string' }),
        },
        task: {
          description: 'what is minimized',
          ...anyOf(
            withResiduals(json(moduleTaskSchema)),
            ...programSchemas().map(withResiduals),
            ...benchmarks.all().map((benchmark) => withResiduals(json(benchmarkTaskSchema(benchmark)))),
          ),
        },
        parameters: {
          description: 'what it depends on; a benchmark brings its own',
          ...listOf(
            anyOf(
              parameter(['name', 'min', 'max', 'type', 'scale', 'initial'], ['name', 'min', 'max']),
              parameter(['name', 'value'], ['name', 'value']),
              tied(),
            ),
          ),
        },
        constraints: {
          description: 'what must hold of a point for it to be evaluated: a < b, a + b <= 2*c',
          type: 'array',
          items: { type: 'string', minLength: 1 },
        },
        optimizers: {
          description: 'which optimizers are started: a list, or a selector with a list',
          ...anyOf(
            reference('use'),
            object({ selector: reference('selector'), use: reference('use'), spawn: json(spawnSchema) }),
          ),
        },
        generator: { description: 'where optimizers start', ...reference('generator') },
        hunters: {
          description: 'when an optimizer is killed; none: never',
          ...anyOf({ type: 'null' }, { const: 'none' }, reference('hunters')),
        },
        stop: { description: 'when the run ends', ...anyOf({ type: 'null' }, reference('stop')) },
        manager: manager(),
        checkpoints: { description: 'when checkpoints are made', ...json(checkpointsSchema) },
        warmStart: {
          description: 'another run, with whose evaluations this one starts',
          ...anyOf({ type: 'null' }, json(warmStartSchema.properties['run']!), json(warmStartSchema)),
        },
        cache: {
          description: 'points whose values are known are not evaluated again',
          ...anyOf({ type: ['boolean', 'null'] }, json(cacheSchema)),
        },
      },
      ['task'],
    ),
    $defs: {
      use: listOf(component(namedOptimizers, optimizerExtras, { generator: reference('generator') })),
      generator: component(generators),
      selector: component(selectors),
      hunters: condition(hunters, 'hunters'),
      stop: condition(checkers, 'stop'),
    },
  };
}

function withResiduals(schema: JsonObject): JsonObject {
  const { properties, ...rest } = schema as { readonly properties: JsonObject };
  return {
    ...rest,
    properties: {
      ...properties,
      residuals: {
        description: 'how blocks of residuals count, by their names: a weight, or more',
        type: ['object', 'null'],
        additionalProperties: anyOf(
          json(residualRuleSchema.properties['weight']!),
          json(residualRuleSchema),
          { type: 'null' },
        ),
      },
    },
  };
}

/** A component by name, with its options, or with the value of its only required one. */
function component(
  registry: Known<Part>,
  extras: Readonly<Record<string, OptionSchema>> = {},
  more: JsonObject = {},
): JsonObject {
  const parts = registry.all();
  const bare = parts.filter(({ options }) => !options.required).map(({ name }) => name);
  const properties: Record<string, Json> = {};
  for (const { name, summary, options } of parts)
    properties[name] = { description: summary, ...body(options, extras, more) };
  const one = { ...object(properties), minProperties: 1, maxProperties: 1 };
  return bare.length > 0 ? anyOf({ type: 'string', enum: bare }, one) : one;
}

function body(
  options: OptionsSchema,
  extras: Readonly<Record<string, OptionSchema>>,
  others: JsonObject,
): JsonObject {
  const { properties, ...rest } = json(withExtras(options, extras)) as { readonly properties: JsonObject };
  const full = { ...rest, properties: { ...properties, ...others } };
  const [only, ...more] = options.required ?? [];
  if (only === undefined) return anyOf(full, { type: 'null' });
  return more.length === 0 ? anyOf(json(options.properties[only]!), full) : full;
}

/** A component or a combination; `name` is where this stands among the definitions. */
function condition(registry: Known<Part>, name: string): JsonObject {
  const several = listOf(reference(name));
  return anyOf(
    component(registry),
    object({ all: { description: 'all of them hold', ...several } }, ['all']),
    object({ any: { description: 'one of them holds', ...several } }, ['any']),
    object({ not: { description: 'it does not hold', ...reference(name) } }, ['not']),
  );
}

function parameter(keys: readonly string[], required: readonly string[]): JsonObject {
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

function manager(): JsonObject {
  const onFailure = {
    description:
      'what a failed evaluation is told as: the worst value so far, a value of your own; or the run ends',
    default: 'worst',
    ...anyOf({ enum: ['worst', 'abort'] }, json(recoverSchema)),
  };
  const { properties } = managerSchema;
  return { description: 'how the run is carried out', ...object({ ...json(properties), onFailure }) };
}

function object(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
}

function listOf(items: JsonObject): JsonObject {
  return { type: 'array', minItems: 1, items };
}

function anyOf(...schemas: readonly Json[]): JsonObject {
  return { anyOf: schemas };
}

function reference(name: string): JsonObject {
  return { $ref: `#/$defs/${name}` };
}

/** Schemas are JSON, only typed more narrowly. */
function json(schema: OptionsSchema | OptionSchema | OptionsSchema['properties']): JsonObject {
  return schema as unknown as JsonObject;
}
