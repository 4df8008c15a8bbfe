import { serialize } from 'node:v8';
import { messageOf } from '../core/errors.ts';
import { faultOf } from './cloneable.ts';
import type { AnyFunction } from './contract.ts';
import { unusable } from './unusable.ts';

/** The own properties of an object, told apart by how they can be sent. */
export interface OwnProperties {
  readonly values: readonly (readonly [name: string, value: unknown])[];
  readonly functions: readonly (readonly [name: string, f: AnyFunction])[];
}

/**
 * Reads what an object has of its own.
 *
 * @param title of the object, for messages
 * @throws {CodedError} `function-unusable` for what a copy of the object would lack, or would have in another way
 */
export function ownProperties(target: object, title: string): OwnProperties {
  const values: [string, unknown][] = [];
  const functions: [string, AnyFunction][] = [];
  for (const key of Reflect.ownKeys(target)) {
    const { value, get, set, enumerable } = Object.getOwnPropertyDescriptor(target, key)! as {
      value?: unknown;
      get?: unknown;
      set?: unknown;
      enumerable: boolean;
    };
    if (typeof key === 'symbol')
      throw unusable(
        title,
        `has a field named by a symbol, ${String(key)}, which a copy would lack; name it by a string`,
        'object',
      );
    if (get !== undefined || set !== undefined)
      throw unusable(
        title,
        `has an accessor of its own, this.${key}, of which a copy would have a value; write it in a class`,
        'object',
      );
    if (!enumerable)
      throw unusable(
        title,
        `has a field that is not enumerable, this.${key}, which a copy would lack; make it an ordinary field`,
        'object',
      );
    if (typeof value === 'function') functions.push([key, value as AnyFunction]);
    else values.push([key, value]);
  }
  return { values, functions };
}

/**
 * Fields as bytes.
 *
 * @param title of the object, for messages
 * @throws {CodedError} `function-unusable`, which names a field that cannot be copied
 */
export function serializedFields(values: OwnProperties['values'], title: string): Uint8Array {
  for (const [name, value] of values) {
    const fault = faultOf(value, () => `this.${name}`);
    if (fault !== undefined) throw unusable(title, `cannot be copied: ${fault}`, 'object');
  }
  try {
    return serialize(values);
  } catch (error) {
    throw unusable(title, `cannot be copied: ${messageOf(error)}`, 'object');
  }
}
