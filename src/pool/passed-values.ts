import { serialize } from 'node:v8';
import { CodedError, messageOf } from '../core/errors.ts';
import type { AnyFunction, PassedValues } from './contract.ts';
import { unusable } from './unusable.ts';

/**
 * What is passed by name to a text: functions as text, all else serialized.
 *
 * @throws {CodedError} `function-unusable`, or `usage` for a value that cannot be sent
 */
export async function passedValues(values: Readonly<Record<string, unknown>>): Promise<PassedValues> {
  // The parser is loaded by those alone who send a function as text.
  const { selfContained } = await import('./self-contained.ts');
  const names = Object.keys(values);
  const helpers: [string, string][] = [];
  const data: [string, Uint8Array][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class'))
      throw unusable(
        key,
        'cannot be passed by name; export what uses it from a module and give fromModule(url, name), or of a method { class: fromModule(url, name) }',
        'class',
      );
    if (typeof value === 'function')
      helpers.push([key, selfContained(value as AnyFunction, names).expression]);
    else data.push([key, serialized(key, value)]);
  }
  return { helpers, data };
}

function serialized(name: string, value: unknown): Uint8Array {
  try {
    return serialize(value);
  } catch (error) {
    throw new CodedError('usage', `with.${name}: cannot be sent to a worker: ${messageOf(error)}`);
  }
}
