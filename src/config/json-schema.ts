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
import { DEFAULTS } from './defaults.ts';
import { ofPlugins, ownNames, ownNamesAlone } from './json-schema-names.ts';
import { anyOf, json, listOf, object, orNull, reference, withSafeIntegers } from './json-schema-parts.ts';
import { parameterSchemas, parametersUnlessBenchmark } from './json-schema-parameters.ts';
import { environment, programSchemas } from './json-schema-programs.ts';
import { cacheSchema } from './sections/cache.ts';
import { checkpointsSchema } from './sections/checkpoints.ts';
import { managerSchema, recoverSchema } from './sections/manager.ts';
import { optimizerExtras, spawnSchema } from './sections/optimizers.ts';
import { benchmarkTaskSchema, moduleTaskSchema, residualRuleSchema } from './sections/task.ts';
import { warmStartSchema } from './sections/warm-start.ts';

/**
 * A JSON Schema (draft 2020-12) of configurations, for editors: every component, its options and what they mean. With `plugins` it lets any
 * other component pass, too, whose options only that plug-in knows.
 */
export function configSchema(): JsonObject {
  return withSafeIntegers({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'glompo configuration',
    ...object(
      {
        plugins: {
          description: 'modules with components of your own; relative to this file',
          type: ['array', 'null'],
          items: { type: 'string' },
        },
        task: { description: 'what is minimized', ...anyOf(...taskSchemas()) },
        parameters: {
          description: 'what it depends on; a benchmark brings its own',
          ...orNull(listOf(anyOf(...parameterSchemas()))),
        },
        constraints: {
          description: 'what must hold of a point for it to be evaluated: a < b, a + b <= 2*c',
          type: ['array', 'null'],
          items: { type: 'string', minLength: 1 },
        },
        optimizers: {
          description: 'which optimizers are started: a list, or a selector with a list',
          ...orNull(
            reference('use'),
            object({
              selector: {
                description: 'what chooses the next one to be started',
                default: DEFAULTS.selector,
                ...orNull(reference('selector')),
              },
              use: { description: 'from which one is chosen', ...reference('use') },
              spawn: { description: 'after what no more are started', ...orNull(json(spawnSchema)) },
            }),
          ),
        },
        generator: {
          description: 'where optimizers start',
          default: DEFAULTS.generator,
          ...orNull(reference('generator')),
        },
        hunters: {
          description: 'when an optimizer is killed; none: never',
          ...orNull({ const: 'none' }, reference('hunters')),
        },
        stop: { description: 'when the run ends', ...orNull(reference('stop')) },
        manager: { description: 'how the run is carried out', ...orNull(manager()) },
        checkpoints: { description: 'when checkpoints are made', ...orNull(json(checkpointsSchema)) },
        warmStart: {
          description: 'another run, with whose evaluations this one starts',
          ...orNull(json(warmStartSchema.properties['run']!), json(warmStartSchema)),
        },
        cache: {
          description: 'points whose values are known are not evaluated again',
          default: false,
          ...anyOf({ type: ['boolean', 'null'] }, json(cacheSchema)),
        },
      },
      ['task'],
    ),
    allOf: [ownNamesAlone(), parametersUnlessBenchmark()],
    $defs: {
      residuals: residuals(),
      environment: environment(),
      use: listOf(component(namedOptimizers, optimizerExtras, { generator: generatorOfOne() })),
      generator: component(generators),
      selector: component(selectors),
      hunters: condition(hunters, 'hunters'),
      stop: condition(checkers, 'stop'),
      ...ownNames(),
    },
  });
}

/** The kinds of tasks. A benchmark needs no parameters. */
function taskSchemas(): readonly JsonObject[] {
  return [
    json(moduleTaskSchema),
    ...programSchemas(),
    ...benchmarks.all().map((benchmark) => json(benchmarkTaskSchema(benchmark))),
  ].map((schema) => {
    const { properties, ...rest } = schema as { readonly properties: JsonObject };
    return {
      ...rest,
      properties: {
        ...properties,
        residuals: {
          description: 'how blocks of residuals count, by their names: a weight, or more',
          ...reference('residuals'),
        },
      },
    };
  });
}

function residuals(): JsonObject {
  return {
    type: ['object', 'null'],
    additionalProperties: orNull(json(residualRuleSchema.properties['weight']!), json(residualRuleSchema)),
  };
}

function generatorOfOne(): JsonObject {
  return { description: 'where it starts; as the run has it when not given', ...reference('generator') };
}

/** A component by name, with its options, or with the value of its only required one; or one of a plug-in. */
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
  return anyOf(
    ...(bare.length > 0 ? [{ type: 'string', enum: bare }] : []),
    { ...object(properties), minProperties: 1, maxProperties: 1 },
    ...ofPlugins(registry.names()),
  );
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

function manager(): JsonObject {
  const onFailure = {
    description:
      'what a failed evaluation is told as: the worst value so far, a value of your own; or the run ends',
    default: 'worst',
    ...orNull({ enum: ['worst', 'abort'] }, json(recoverSchema)),
  };
  return object({ ...json(managerSchema.properties), onFailure });
}
