import { serialize } from 'node:v8';
import { messageOf } from '../core/errors.ts';
import { faultOf } from './cloneable.ts';
import type { AnyFunction } from './contract.ts';
import { unusable } from './unusable.ts';

/** A class, as the constructor that it is. */
export interface AnyClass {
  readonly name: unknown;
  readonly prototype: object;
}

/** The own properties of an object, told apart by how they can be sent. */
export interface OwnProperties {
  readonly fields: readonly (readonly [name: string, value: unknown])[];
  readonly functions: readonly (readonly [name: string, f: AnyFunction])[];
}

/**
 * Reads what an object has of its own.
 *
 * @param title of the object, for messages
 * @throws {CodedError} `function-unusable` for what a copy of the object would lack, or would have in another way
 */
export function ownProperties(target: object, title: string): OwnProperties {
  const fields: [string, unknown][] = [];
  const functions: [string, AnyFunction][] = [];
  for (const key of Reflect.ownKeys(target)) {
    const property = Object.getOwnPropertyDescriptor(target, key)!;
    const fault = typeof key === 'symbol' ? nameFault(key) : propertyFault(key, property);
    if (fault !== undefined) throw unusable(title, fault, 'object');
    const value: unknown = property.value;
    if (typeof value === 'function') functions.push([String(key), value as AnyFunction]);
    else fields.push([String(key), value]);
  }
  return { fields, functions };
}

function nameFault(key: symbol): string {
  return `has a field named by a symbol, ${String(key)}, which a copy would lack; name it by a string`;
}

function propertyFault(key: string, property: PropertyDescriptor): string | undefined {
  if (!('value' in property))
    return `has an accessor of its own, this.${key}, of which a copy would have a value; write it in a class`;
  return property.enumerable === true
    ? undefined
    : `has a field that is not enumerable, this.${key}, which a copy would lack; make it an ordinary field`;
}

/**
 * Fields as bytes.
 *
 * @param title of the object, for messages
 * @throws {CodedError} `function-unusable`, which names a field that cannot be copied
 */
export function serializedFields(fields: OwnProperties['fields'], title: string): Uint8Array {
  for (const [name, value] of fields) {
    const fault = faultOf(value, () => `this.${name}`);
    if (fault !== undefined) throw unusable(title, `cannot be copied: ${fault}`, 'object');
  }
  try {
    return serialize(fields);
  } catch (error) {
    throw unusable(title, `cannot be copied: ${messageOf(error)}`, 'object');
  }
}

/** A class, its base, and so on. */
export function chainOf(leaf: AnyClass): readonly AnyClass[] {
  const chain: AnyClass[] = [];
  for (let at: unknown = leaf; at !== Function.prototype && at !== null; at = Object.getPrototypeOf(at))
    chain.push(at as AnyClass);
  return chain;
}

/** The fields of a class itself as bytes. What cannot be copied is as its text makes it. */
export function staticFields(one: AnyClass): Uint8Array {
  const fields = Object.entries(one).filter(([, value]) => isCopied(value));
  return serializedFields(fields, String(one.name));
}

/** Whether there can be a copy of a value. */
export function isCopied(value: unknown): boolean {
  return faultOf(value, () => '') === undefined;
}
