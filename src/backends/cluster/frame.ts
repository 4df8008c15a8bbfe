import { CodedError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** How numbers are written that JSON does not have: in an object that nobody else writes. */
const NUMBER = '\u0000number';

/**
 * A header and one block of numbers as bytes: the length of the header (32 bits), the header as JSON, the numbers as float64, all little-endian. What
 * reads it needs to trust nobody: neither part can be anything but data.
 */
export function encodeFrame(header: JsonObject, block: Float64Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(header, (_, value: unknown) => withoutOddNumbers(value)));
  const bytes = Buffer.allocUnsafe(4 + text.length + block.byteLength);
  bytes.writeUInt32LE(text.length, 0);
  text.copy(bytes, 4);
  bytes.set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), 4 + text.length);
  return bytes;
}

/** @throws {CodedError} `protocol-violation` for bytes that `encodeFrame` did not write */
export function decodeFrame(bytes: Uint8Array): {
  readonly header: JsonObject;
  readonly block: Float64Array;
} {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.length >= 4 ? view.readUInt32LE(0) : Infinity;
  const rest = view.length - 4 - length;
  if (!(rest >= 0) || rest % 8 !== 0) throw unreadable('its length is none that a message has');
  let header: unknown;
  try {
    header = JSON.parse(view.toString('utf8', 4, 4 + length), (_, value: unknown) => withOddNumbers(value));
  } catch (error) {
    throw unreadable('its header is not JSON', error);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw unreadable('its header is no object');
  // A copy: what arrives stands at any offset, and numbers at multiples of eight alone.
  const block = new Float64Array(rest / 8);
  new Uint8Array(block.buffer).set(view.subarray(4 + length));
  return { header: header as JsonObject, block };
}

export function unreadable(fault: string, cause?: unknown): CodedError {
  return new CodedError('protocol-violation', `a message of the cluster cannot be read: ${fault}`, { cause });
}

function withoutOddNumbers(value: unknown): unknown {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? { [NUMBER]: Object.is(value, -0) ? '-0' : String(value) }
    : value;
}

function withOddNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(NUMBER in value)) return value;
  return Number((value as Readonly<Record<string, Json>>)[NUMBER]);
}
