import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import { CodedError, describe, messageOf } from '../core/errors.ts';
import type { AnyFunction, FunctionSpec, ModuleFunction, PoolFunction, SourceFunction } from './contract.ts';

/**
 * A function that a module exports: imported by each worker, so it may use all that the module does.
 *
 * @param url of the module, as `new URL('./score.ts', import.meta.url)`, or an absolute path
 */
export function fromModule<F extends AnyFunction>(
  url: URL | string,
  exportName = 'default',
): ModuleFunction<F> {
  const text = String(url);
  const href = isAbsolute(text) ? pathToFileURL(text).href : text;
  if (!/^(?:file|data|node):/.test(href))
    throw new CodedError(
      'usage',
      `fromModule: expected a URL or an absolute path, got ${describe(text)}; write new URL(${JSON.stringify(text)}, import.meta.url)`,
    );
  return { kind: 'module', url: href, exportName };
}

/** A function value with what it uses from around it, for where there is no option `with`: `pool.run(fromFunction(f, { scale }), x)`. */
export function fromFunction<F extends AnyFunction>(
  f: F,
  values: Readonly<Record<string, unknown>> = {},
): SourceFunction<F> {
  return { kind: 'source', f, values };
}

/**
 * What is sent to workers for a function.
 *
 * @param values what it uses from around it, by name
 * @throws {CodedError} `function-unusable` when it uses more than that
 */
export async function specOf(
  f: PoolFunction<never, unknown>,
  values: Readonly<Record<string, unknown>> = {},
): Promise<FunctionSpec> {
  if (typeof f === 'function') return await sourceSpec(f, values);
  if (f.kind === 'source') return await sourceSpec(f.f, { ...f.values, ...values });
  if (Object.keys(values).length > 0)
    throw new CodedError(
      'usage',
      'with: a function of a module imports what it needs, and takes no values by name',
    );
  return { kind: 'module', url: f.url, exportName: f.exportName };
}

async function sourceSpec(f: AnyFunction, values: Readonly<Record<string, unknown>>): Promise<FunctionSpec> {
  // The parser is loaded by those alone who send a function as text.
  const { selfContained } = await import('./self-contained.ts');
  const names = Object.keys(values);
  const { name, expression } = selfContained(f, names);
  const helpers: [string, string][] = [];
  const data: [string, Uint8Array][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === 'function')
      helpers.push([key, selfContained(value as AnyFunction, names).expression]);
    else data.push([key, serialized(key, value)]);
  }
  return { kind: 'source', name, expression, helpers, data };
}

function serialized(name: string, value: unknown): Uint8Array {
  try {
    return serialize(value);
  } catch (error) {
    throw new CodedError('usage', `with.${name}: cannot be sent to a worker: ${messageOf(error)}`);
  }
}

/** `score of /home/me/score.ts`, for messages. */
export function titleOf(spec: FunctionSpec): string {
  if (spec.kind === 'source') return `the function ${JSON.stringify(spec.name)}`;
  const { url, exportName } = spec;
  return `the function ${JSON.stringify(exportName)} of ${url.startsWith('file:') ? fileURLToPath(url) : url.slice(0, 80)}`;
}
