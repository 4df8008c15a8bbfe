const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Numbers as the log holds them: little-endian float64. On most machines a view, so the numbers must not change while it is used. */
export function toBytes(numbers: Float64Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap64();
}

/** A copy of the numbers in `bytes`, whose offset in their buffer may be odd. */
export function fromBytes(bytes: Uint8Array): Float64Array {
  const copy = Buffer.from(bytes);
  const aligned = new Float64Array(copy.byteLength / 8);
  Buffer.from(aligned.buffer).set(IS_LITTLE_ENDIAN ? copy : copy.swap64());
  return aligned;
}
