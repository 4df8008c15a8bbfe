/** Modes of a job, see `cluster-worker.ts`. */
export const DEADLY = 1;
export const SYNCHRONOUS = 2;

export const numbers = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

/** Of bytes that begin where numbers may begin. */
export const valuesOf = (bytes: Uint8Array): number[] => [
  ...new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8),
];
