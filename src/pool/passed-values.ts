import { serialize } from 'node:v8';
import { CodedError, messageOf } from '../core/errors.ts';
import type { AnyFunction, PassedValues } from './contract.ts';
import { unusable } from './unusable.ts';

/**
 * What is passed by name to a text: functions as text, all else serialized, before anything is waited for.
 *
 * @throws {CodedError} `function-unusable`, or `usage` for a value that cannot be sent
 */
export async function passedValues(values: Readonly<Record<string, unknown>>): Promise<PassedValues> {
  const names = Object.keys(values);
  const functions = Object.entries(values).filter(isFunction);
  const data = Object.entries(values)
    .filter((entry) => !isFunction(entry))
    .map(([key, value]) => [key, serialized(key, value)] as const);
  if (functions.length === 0) return { helpers: [], data };
  // The parser is loaded by those alone who send a function as text.
  const { selfContained } = await import('./self-contained.ts');
  const helpers = functions.map(([key, f]) => {
    if (Function.prototype.toString.call(f).startsWith('class'))
      throw unusable(
        key,
        'cannot be passed by name; export what uses it from a module and give fromModule(url, name), or of a method { class: fromModule(url, name) }',
        'class',
      );
    return [key, selfContained(f, names).expression] as const;
  });
  return { helpers, data };
}

function isFunction(entry: [string, unknown]): entry is [string, AnyFunction] {
  return typeof entry[1] === 'function';
}

function serialized(name: string, value: unknown): Uint8Array {
  try {
    return serialize(value);
  } catch (error) {
    throw new CodedError('usage', `with.${name}: cannot be sent to a worker: ${messageOf(error)}`);
  }
}
