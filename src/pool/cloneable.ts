import { isSharedArrayBuffer } from 'node:util/types';
import { describe } from '../core/errors.ts';

/** Of what a copy is the same, methods included. What lists, plain objects, maps and sets hold is looked at one by one. */
const BUILT_IN: ReadonlySet<unknown> = new Set([
  Date.prototype,
  RegExp.prototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  Buffer.prototype,
  Boolean.prototype,
  Number.prototype,
  String.prototype,
  BigInt.prototype,
  Error.prototype,
  EvalError.prototype,
  RangeError.prototype,
  ReferenceError.prototype,
  SyntaxError.prototype,
  TypeError.prototype,
  URIError.prototype,
]);

/** That of all typed arrays. */
const TYPED: unknown = Object.getPrototypeOf(Uint8Array.prototype);

const HOLDERS: ReadonlySet<unknown> = new Set([
  Array.prototype,
  Map.prototype,
  Object.prototype,
  Set.prototype,
  null,
]);

/** How a value is reached, for messages: `this.model.inner`. */
type Path = () => string;

/** Why a value would not arrive as it is, if it would not: functions, and instances of classes, whose methods a copy lacks. */
export function faultOf(value: unknown, path: Path, seen: Set<object> = new Set()): string | undefined {
  if (typeof value === 'function')
    return `${path()} is ${describe(value)}; make it a method of the class, or pass what it needs as an argument`;
  if (typeof value === 'symbol') return `${path()} is a symbol, of which there is no copy; use a string`;
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (isShared(value)) return `${path()} is shared memory, which would not be shared; pass it as an argument`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (isBuiltIn(prototype)) return undefined;
  if (!HOLDERS.has(prototype)) return `${path()} is ${instance(prototype)}`;
  for (const [part, partPath] of partsOf(value, path)) {
    const fault = faultOf(part, partPath, seen);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What a list, a plain object, a map or a set holds. */
function* partsOf(value: object, path: Path): Generator<readonly [part: unknown, path: Path]> {
  if (value instanceof Map)
    for (const [key, held] of value as ReadonlyMap<unknown, unknown>) {
      yield [key, () => `a key of ${path()}`];
      yield [held, () => `${path()}.get(${describe(key)})`];
    }
  else if (value instanceof Set)
    for (const held of value as ReadonlySet<unknown>) yield [held, () => `an element of ${path()}`];
  else if (Array.isArray(value))
    for (const [i, part] of (value as readonly unknown[]).entries()) yield [part, () => `${path()}[${i}]`];
  else for (const [key, part] of Object.entries(value)) yield [part, () => `${path()}.${key}`];
}

function isShared(value: object): boolean {
  return isSharedArrayBuffer(ArrayBuffer.isView(value) ? value.buffer : value);
}

function isBuiltIn(prototype: unknown): boolean {
  return BUILT_IN.has(prototype) || (prototype !== null && Object.getPrototypeOf(prototype) === TYPED);
}

function instance(prototype: unknown): string {
  const { constructor } = prototype as { readonly constructor?: unknown };
  const name = typeof constructor === 'function' ? constructor.name : '';
  return `an instance of ${name || 'a class'}, whose methods a copy does not have; keep plain values in the field, and make the instance in the method`;
}
