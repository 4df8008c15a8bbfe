import { isSharedArrayBuffer, isTypedArray } from 'node:util/types';
import { type Handling, movedBuffer, pack, type Packed, sharedMemoryFault, unpack } from './packed.ts';

/**
 * A value as it is sent: itself where nothing can change it or it is a copy already (a primitive, an array of numbers, a typed array, memory), else
 * packed. Most of what is sent are numbers, for which packing would cost ten times as much as the call.
 */
export type Sendable = unknown;

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
  if (Array.isArray(value)) return isOfNumbers(value) ? value.slice() : packed(value, handling, moved);
  if (isSharedArrayBuffer(value)) {
    if (!handling.canShare) throw sharedMemoryFault();
    return value;
  }
  if (!isPlainTypedArray(value)) return packed(value, handling, moved);
  if (isSharedArrayBuffer(value.buffer)) {
    if (!handling.canShare) throw sharedMemoryFault();
    return value;
  }
  const buffer = handling.isMoved ? movedBuffer(value) : undefined;
  if (!buffer) return value.slice();
  moved.push(buffer);
  return new (value.constructor as Float64ArrayConstructor)(buffer);
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
  return Object.getPrototypeOf(values) === Array.prototype;
}

/** One of the language's own, as `Buffer` is not. */
function isPlainTypedArray(value: object): value is Float64Array {
  return (
    isTypedArray(value) && value.constructor.name === value[Symbol.toStringTag] && !Buffer.isBuffer(value)
  );
}
