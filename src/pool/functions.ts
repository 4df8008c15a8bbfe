import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CodedError, describe } from '../core/errors.ts';
import type {
  AnyFunction,
  FunctionSpec,
  ModuleFunction,
  OwnerSpec,
  PoolFunction,
  SourceFunction,
} from './contract.ts';
import { methodSpec } from './method-spec.ts';
import { passedValues } from './passed-values.ts';

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
  if (typeof f !== 'function')
    throw new CodedError('usage', `fromFunction: expected a function, got ${describe(f)}`);
  return { kind: 'source', f, values };
}

/**
 * @param where it stands, for the message: `initializer: `
 * @throws {CodedError} `usage` for what no pool can call
 */
export function checkFunction(f: unknown, where = ''): asserts f is PoolFunction<never, unknown> {
  if (typeof f === 'function' || (typeof f === 'object' && f !== null && isMade(f))) return;
  throw new CodedError(
    'usage',
    `${where}expected a function, or what fromModule, fromFunction or method give, got ${describe(f)}`,
  );
}

/** Whether it comes from one of those that make functions out of something else. */
function isMade(f: object): boolean {
  const { kind, url, f: inner, target } = f as Readonly<Record<string, unknown>>;
  if (kind === 'module') return typeof url === 'string';
  return kind === 'source' ? typeof inner === 'function' : kind === 'method' && target !== undefined;
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
  if (f.kind === 'method') return await methodSpec(f, values);
  if (Object.keys(values).length > 0)
    throw new CodedError(
      'usage',
      'with: a function of a module imports what it needs, and takes no values by name',
    );
  return { kind: 'module', url: f.url, exportName: f.exportName };
}

async function sourceSpec(f: AnyFunction, values: Readonly<Record<string, unknown>>): Promise<FunctionSpec> {
  const passed = await passedValues(values);
  // The parser is loaded by those alone who send a function as text.
  const { selfContained } = await import('./self-contained.ts');
  const { name, expression } = selfContained(f, Object.keys(values));
  return { kind: 'source', name, expression, ...passed };
}

/** `score of /home/me/score.ts`, for messages. */
export function titleOf(spec: FunctionSpec): string {
  if (spec.kind === 'method') return `the method ${JSON.stringify(spec.name)}${ownerTitle(spec.owner)}`;
  if (spec.kind === 'source') return `the function ${JSON.stringify(spec.name)}`;
  const { url, exportName } = spec;
  return `the function ${JSON.stringify(exportName)} of ${url.startsWith('file:') ? fileURLToPath(url) : url.slice(0, 80)}`;
}

function ownerTitle(owner: OwnerSpec): string {
  if (owner.kind === 'literal') return '';
  return ` of ${owner.kind === 'class' ? owner.classes.at(-1)!.name : owner.exportName}`;
}
