import { isSharedArrayBuffer, isTypedArray } from 'node:util/types';
import { type Handling, movedBuffer, pack, type Packed, sharedMemoryFault, unpack } from './packed.ts';

/**
 * A value as it is sent: plain data as it is, what else there is packed. Packing costs ten times as much as the call of a quick function, and
 * leaves memory behind that is not collected for long.
 */
export type Sendable = unknown;

/** Of data that is nested deeper, or in itself, it is not found out whether it is plain. */
const DEEPEST = 16;
/** Nor of more objects than these, each counted as often as it is come to. */
const MOST_OBJECTS = 4096;

/**
 * Takes a copy of a value, as it is now, for a thread or a process; or the thing itself, of memory that is shared or handed over.
 *
 * @param moved takes the memory that is handed over when the value is sent
 * @throws {Error} when it is of a kind that cannot be sent
 */
export function toSendable(value: unknown, handling: Handling, moved: ArrayBuffer[]): Sendable {
  switch (typeof value) {
    case 'object':
      return value === null ? null : objectToSendable(value, handling, moved);
    case 'function':
    case 'symbol':
      // They cannot be, and it is told in the words for that.
      return packed(value, handling, moved);
    default:
      return value;
  }
}

export function fromSendable(value: Sendable): unknown {
  return typeof value === 'object' && value !== null && isPacked(value) ? unpack(value) : value;
}

/** The memory that a value has to itself on its way. */
export function ownMemory(value: Sendable): ArrayBuffer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const buffer = ArrayBuffer.isView(value) ? value.buffer : isPacked(value) ? value.bytes.buffer : undefined;
  return buffer instanceof ArrayBuffer ? buffer : undefined;
}

function objectToSendable(value: object, handling: Handling, moved: ArrayBuffer[]): Sendable {
  if (Array.isArray(value) && isOfNumbers(value)) return value.slice();
  if (isTypedArray(value)) return arrayToSendable(value, handling, moved);
  if (isSharedArrayBuffer(value)) {
    if (!handling.canShare) throw sharedMemoryFault();
    return value;
  }
  const isPlain =
    !handling.isMoved && !isPacked(value) && isPlainData(value, DEEPEST, { left: MOST_OBJECTS });
  return isPlain ? structuredClone(value) : packed(value, handling, moved);
}

function arrayToSendable(value: NodeJS.TypedArray, handling: Handling, moved: ArrayBuffer[]): Sendable {
  const { buffer } = value;
  if (isSharedArrayBuffer(buffer) || !isOfLanguage(value)) return packed(value, handling, moved);
  const given = handling.isMoved ? movedBuffer(value) : undefined;
  if (!given) return value.slice();
  moved.push(given);
  return new (value.constructor as Float64ArrayConstructor)(given);
}

function packed(value: unknown, handling: Handling, moved: ArrayBuffer[]): Packed {
  const made = pack(value, handling);
  for (const buffer of made.buffers) if (!isSharedArrayBuffer(buffer)) moved.push(buffer);
  return made;
}

function isPacked(value: object): value is Packed {
  return 'bytes' in value && 'buffers' in value;
}

function isOfNumbers(values: readonly unknown[]): boolean {
  // Not by `every`, which passes over holes.
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== 'number') return false;
  // One with further properties of its own would lose them.
  return Object.getPrototypeOf(values) === Array.prototype && Object.keys(values).length === values.length;
}

/** Objects and arrays of the language without classes, numbers, texts, and arrays that are all of their memory: of these a clone is all there is. */
function isPlainData(value: unknown, depth: number, budget: { left: number }): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0 || budget.left-- === 0) return false;
  if (isTypedArray(value))
    return (
      isOfLanguage(value) &&
      !isSharedArrayBuffer(value.buffer) &&
      value.buffer.byteLength === value.byteLength
    );
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  return Object.values(value).every((one) => isPlainData(one, depth - 1, budget));
}

/** No array of a class of somebody's own, as `Buffer` is. */
function isOfLanguage(value: NodeJS.TypedArray): boolean {
  return value.constructor.name === value[Symbol.toStringTag];
}
