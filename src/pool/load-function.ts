import { compileFunction, constants } from 'node:vm';
import { deserialize } from 'node:v8';
import { CodedError, describe, factsOf } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { FunctionSpec } from './contract.ts';
import { titleOf } from './functions.ts';

export type Loaded = (...args: readonly unknown[]) => unknown;

/**
 * Makes of a function's data the function, in a worker.
 *
 * @throws {CodedError} `function-unusable`
 */
export async function loadFunction(spec: FunctionSpec): Promise<Loaded> {
  try {
    return spec.kind === 'source' ? compile(spec) : await importFrom(spec);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const { name, message } = factsOf(error);
    throw new CodedError('function-unusable', `${titleOf(spec)} cannot be loaded: ${name}: ${message}`, {
      cause: error,
    });
  }
}

function compile({ name, expression, helpers, data }: Extract<FunctionSpec, { kind: 'source' }>): Loaded {
  const before = [
    '"use strict";',
    ...helpers.flatMap(([key, text]) => `const ${key} = (${text}\n);`.split('\n')),
    'return (',
  ];
  // The lines of a stack are then those of the function's own text.
  const make = compileFunction(
    [...before, expression, ');'].join('\n'),
    data.map(([key]) => key),
    {
      filename: `glompo-pool:${name}`,
      lineOffset: -before.length,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  ) as (...values: readonly unknown[]) => Loaded;
  return make(...data.map(([, bytes]) => deserialize(bytes) as unknown));
}

async function importFrom(spec: Extract<FunctionSpec, { kind: 'module' }>): Promise<Loaded> {
  const { url, exportName } = spec;
  const exported = (await import(url)) as Readonly<Record<string, unknown>>;
  const f = exported[exportName];
  if (typeof f === 'function') return f as Loaded;
  const names = Object.keys(exported).filter((key) => key !== 'module.exports');
  const near = nearest(exportName, names);
  const fault =
    f === undefined
      ? `is not there${near ? `; did you mean ${near}?` : ''} (the module exports ${names.join(', ') || 'nothing'})`
      : `is ${describe(f)}, expected a function`;
  throw new CodedError('function-unusable', `${titleOf(spec)} ${fault}`);
}
