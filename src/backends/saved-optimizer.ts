import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { CodedError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Candidate, OptimizerSnapshot } from '../optimizers/contract.ts';

/** An optimizer and what its host knows of it, at one moment: all that is needed to go on from there. */
export interface SavedOptimizer {
  readonly optimizer: OptimizerSnapshot;
  /** Asked for and not told, oldest first. */
  readonly pending: readonly Candidate[];
  /** The worst value that it was told; `NaN` before the first. */
  readonly worst: number;
  /** The last call that it was shown; 0: none. */
  readonly lastInjected: number;
  /** How many of its points in a row were known, see `streak.ts`. @default none */
  readonly streak?: readonly number[];
}

/** Smaller ones are not worth the time. */
const COMPRESS_FROM = 4096;
/** Larger than any optimizer gets; what claims to be larger is no snapshot of ours. */
const LARGEST_BYTES = 2 ** 30;

const PLAIN = 0;
const ZSTD = 1;

interface Header extends JsonObject {
  readonly type: string;
  readonly version: number;
  readonly header: JsonObject;
  /** How many numbers are the optimizer's own; then come the pending points and the worst value. */
  readonly block: number;
  readonly pending: readonly number[];
  readonly dimension: number;
  readonly lastInjected: number;
  /** Left out when no point was known. */
  readonly streak?: readonly number[];
}

/** The CRC-32 of all that follows (uint32), and one byte for the compression; then the length of a JSON header (uint32), the header, and little-endian float64 numbers. */
export function encodeSaved({
  optimizer,
  pending,
  worst,
  lastInjected,
  streak = [],
}: SavedOptimizer): Uint8Array {
  const dimension = pending[0]?.x.length ?? 0;
  const header: Header = {
    type: optimizer.type,
    version: optimizer.version,
    header: optimizer.header,
    block: optimizer.block.length,
    pending: pending.map(({ id }) => id),
    dimension,
    lastInjected,
    ...(streak.length > 1 ? { streak } : {}),
  };
  const text = Buffer.from(JSON.stringify(header));
  const count = optimizer.block.length + pending.length * dimension + 1;
  const payload = Buffer.alloc(4 + text.length + 8 * count);
  payload.writeUInt32LE(text.length);
  text.copy(payload, 4);
  let at = 4 + text.length;
  const put = (value: number): void => {
    at = payload.writeDoubleLE(value, at);
  };
  optimizer.block.forEach(put);
  for (const { x } of pending) x.forEach(put);
  put(worst);
  return payload.length < COMPRESS_FROM ? sealed(PLAIN, payload) : sealed(ZSTD, zstdCompressSync(payload));
}

function sealed(compression: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.concat([Buffer.of(0, 0, 0, 0, compression), payload]);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)));
  return bytes;
}

/**
 * Reads what `encodeSaved` wrote, as untrusted input; what is inside of the optimizer's own snapshot is checked by its `restore`.
 *
 * @throws {CodedError} `snapshot-invalid`
 */
export function decodeSaved(bytes: Uint8Array): SavedOptimizer {
  try {
    return decode(payloadOf(bytes));
  } catch (error) {
    throw new CodedError('snapshot-invalid', `a snapshot in the log is damaged: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function payloadOf(bytes: Uint8Array): Buffer {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (whole.length < 5 || whole.readUInt32LE() !== crc32(whole.subarray(4)))
    throw new Error('its checksum is another one');
  const compression = whole[4];
  const rest = whole.subarray(5);
  if (compression === PLAIN) return rest;
  if (compression === ZSTD) return zstdDecompressSync(rest, { maxOutputLength: LARGEST_BYTES });
  throw new Error(`it has the unknown compression ${compression}`);
}

function decode(payload: Buffer): SavedOptimizer {
  const length = payload.readUInt32LE();
  const {
    type,
    version,
    header,
    block,
    pending,
    dimension,
    lastInjected,
    streak = [],
  } = headerOf(payload.toString('utf8', 4, 4 + length));
  const count = block + pending.length * dimension + 1;
  const bytes = payload.subarray(4 + length);
  if (bytes.length !== 8 * count) throw new Error(`it has ${bytes.length} bytes of numbers for ${count}`);
  let at = 0;
  const take = (size: number): Float64Array =>
    Float64Array.from({ length: size }, () => bytes.readDoubleLE(8 * at++));
  const numbers = take(block);
  const candidates = pending.map((id) => ({ id, x: take(dimension) }));
  for (const { id, x } of candidates)
    if (!x.every((value) => value >= 0 && value <= 1))
      throw new Error(`candidate ${id} is outside the unit box`);
  const [worst] = take(1);
  return {
    optimizer: { type, version, header, block: numbers },
    pending: candidates,
    worst: worst!,
    lastInjected,
    streak,
  };
}

function headerOf(text: string): Header {
  const header = JSON.parse(text) as Partial<Header>;
  const { type, version, block, pending, dimension, lastInjected, streak = [] } = header;
  const isRight =
    typeof type === 'string' &&
    [version, block, dimension, lastInjected].every(isCount) &&
    typeof header.header === 'object' &&
    Array.isArray(pending) &&
    pending.every(isCount) &&
    Array.isArray(streak) &&
    streak.every(isCount);
  if (!isRight) throw new Error('its header is none');
  return header as Header;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
