import { CodedError, describe } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { AnyFunction, MethodFunction, ModuleFunction } from './contract.ts';
import { isNative } from './unusable.ts';

export interface MethodOptions {
  /** Where workers import the class from: `fromModule(url, 'Model')`. @default they get the text of the class, and of its bases */
  readonly class?: ModuleFunction;
  /** What the text of the class uses from around it, by name, where a map has no option `with`. */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The names of an object's methods. */
export type MethodName<T> = { [K in keyof T]-?: T[K] extends AnyFunction ? K : never }[keyof T] & string;

/** A method as a function of its own parameters. */
export type MethodOf<T, K extends keyof T> = T[K] extends AnyFunction ? OmitThisParameter<T[K]> : never;

/**
 * A method together with its object, for a pool to call. Each call has a fresh copy of the object: its fields are copied when the map begins,
 * and what a call does to them is seen by no other.
 *
 * @param target an instance of a class, an object that was written with its methods in it, or a class, for its static methods
 * @throws {CodedError} `usage` when there is no such method, or one that cannot be called in a worker
 * @example
 * await pool.map(method(model, 'score'), points);
 */
export function method<T extends object, K extends MethodName<T>>(
  target: T,
  name: K,
  options: MethodOptions = {},
): MethodFunction<MethodOf<T, K>> {
  for (const key of Object.keys(options))
    if (key !== 'class' && key !== 'with')
      throw new CodedError('usage', `method: unknown option ${key}; there are class, with`);
  if (options.class !== undefined && options.class.kind !== 'module')
    throw new CodedError(
      'usage',
      `method: class: expected fromModule(url, name), got ${describe(options.class)}`,
    );
  checkName(target, name);
  return { kind: 'method', target, name, class: options.class, values: options.with ?? {} };
}

function checkName(target: unknown, name: unknown): void {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null)
    throw fault(name, `expected an object or a class, got ${describe(target)}`);
  if (typeof name !== 'string')
    throw fault(name, `expected the name of a method, got ${describe(name)}; name the method by a string`);
  const found = propertyOf(target, name);
  if (!found) {
    const near = nearest(name, methodNames(target));
    throw fault(name, `there is no such method${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
  if (found.get || found.set)
    throw fault(name, `is an accessor, not a method; write a method that returns this.${name}`);
  const value: unknown = found.value;
  if (typeof value !== 'function') throw fault(name, `is ${describe(value)}, not a method`);
  const text = Function.prototype.toString.call(value);
  if (text.startsWith('class')) throw fault(name, 'is a class, which cannot be called');
  if (value.name.startsWith('bound '))
    throw fault(name, 'is bound: what it is bound to cannot be read; write a method that is not');
  if (isNative(text))
    throw fault(name, 'is native code, which has no text to send; write a method that calls it');
  if (/Generator/.test(Object.prototype.toString.call(value)))
    throw fault(name, 'is a generator: what it returns cannot be sent back; return an array');
}

/** A property of an object or of what it inherits from. */
function propertyOf(target: object, name: string): PropertyDescriptor | undefined {
  for (const holder of holdersOf(target)) {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    if (found) return found;
  }
  return undefined;
}

/** Names that may have been meant: without what all objects have. */
function methodNames(target: object): readonly string[] {
  const holders = holdersOf(target).filter((one) => one !== Object.prototype && one !== Function.prototype);
  return holders.flatMap((holder) =>
    Object.entries(Object.getOwnPropertyDescriptors(holder)).flatMap(([key, { value }]) =>
      typeof value === 'function' && key !== 'constructor' ? [key] : [],
    ),
  );
}

function holdersOf(target: object): readonly object[] {
  const holders: object[] = [];
  for (let at: unknown = target; isObject(at); at = Object.getPrototypeOf(at)) holders.push(at);
  return holders;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function fault(name: unknown, message: string): CodedError {
  return new CodedError('usage', `method ${describe(name)}: ${message}`);
}
