import { checkers } from '../checkers/registry.ts';
import type { JsonObject } from '../core/json.ts';
import { generators } from '../generators/registry.ts';
import { hunters } from '../hunters/registry.ts';
import { namedOptimizers } from '../optimizers/registry.ts';
import { selectors } from '../selectors/registry.ts';
import { reference } from './json-schema-parts.ts';

// Nobody knows what a plug-in brings before it is loaded, which an editor does not do. So a component of any other name may stand wherever one
// of ours may, unless the configuration has no plug-ins: then names are ours alone, and a typing error is seen.

/** What a condition may have in place of a name. */
const COMBINATIONS = ['all', 'any', 'not'] as const;

/** A component that is none of ours, with whatever options. */
export function ofPlugins(ours: readonly string[]): readonly JsonObject[] {
  return [
    { type: 'string', minLength: 1, not: { enum: [...ours, ...COMBINATIONS, 'none'] } },
    {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      propertyNames: { not: { enum: [...ours, ...COMBINATIONS] } },
    },
  ];
}

/** For the whole configuration: without plug-ins, all names are ours. */
export function ownNamesAlone(): JsonObject {
  const used = { items: reference('own-optimizer') };
  return {
    if: { required: ['plugins'], properties: { plugins: { type: 'array', minItems: 1 } } },
    else: {
      properties: {
        optimizers: { ...used, properties: { use: used, selector: reference('own-selector') } },
        generator: reference('own-generator'),
        hunters: { anyOf: [{ const: 'none' }, reference('own-hunter')] },
        stop: reference('own-checker'),
      },
    },
  };
}

/** Definitions that say which names there are, and nothing else. */
export function ownNames(): JsonObject {
  return {
    'own-optimizer': {
      ...named(namedOptimizers.names()),
      additionalProperties: { properties: { generator: reference('own-generator') } },
    },
    'own-selector': named(selectors.names()),
    'own-generator': named(generators.names()),
    'own-hunter': combined('own-hunter', hunters.names()),
    'own-checker': combined('own-checker', checkers.names()),
  };
}

function named(names: readonly string[]): JsonObject {
  return {
    anyOf: [{ type: ['object', 'array', 'null'] }, { enum: names }],
    propertyNames: { enum: names },
  };
}

function combined(own: string, names: readonly string[]): JsonObject {
  const several = { items: reference(own) };
  return {
    ...named(names),
    propertyNames: { enum: [...names, ...COMBINATIONS] },
    properties: { all: several, any: several, not: reference(own) },
  };
}
