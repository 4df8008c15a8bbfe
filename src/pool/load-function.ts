import { CodedError, describe, factsOf } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { compiled } from './compile.ts';
import type { FunctionSpec, ModuleSpec } from './contract.ts';
import { titleOf } from './functions.ts';
import { loadMethod } from './load-method.ts';

export type Loaded = (...args: readonly unknown[]) => unknown;

/**
 * Makes of a function's data the function, in a worker.
 *
 * @throws {CodedError} `function-unusable`
 */
export async function loadFunction(spec: FunctionSpec): Promise<Loaded> {
  try {
    return await load(spec);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const { name, message } = factsOf(error);
    throw new CodedError('function-unusable', `${titleOf(spec)} cannot be loaded: ${name}: ${message}`, {
      cause: error,
    });
  }
}

async function load(spec: FunctionSpec): Promise<Loaded> {
  switch (spec.kind) {
    case 'source':
      return compiled(spec, spec)() as Loaded;
    case 'module':
      return (await importFrom(spec)) as Loaded;
    case 'method':
      return loadMethod(spec, spec.owner.kind === 'module' ? await importFrom(spec.owner) : undefined);
  }
}

/** A function, or a class, that a module exports. */
async function importFrom(spec: ModuleSpec): Promise<unknown> {
  const { url, exportName } = spec;
  const exported = (await import(url)) as Readonly<Record<string, unknown>>;
  const f = exported[exportName];
  if (typeof f === 'function') return f;
  const names = Object.keys(exported).filter((key) => key !== 'module.exports');
  const near = nearest(exportName, names);
  const fault =
    f === undefined
      ? `is not there${near ? `; did you mean ${near}?` : ''} (the module exports ${names.join(', ') || 'nothing'})`
      : `is ${describe(f)}, expected a function`;
  throw new CodedError('function-unusable', `${titleOf(spec)} ${fault}`);
}
