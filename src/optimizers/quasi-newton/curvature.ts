import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';

/** What was learned of the second derivatives: an approximation of the Hessian, positive definite. */
export interface Curvature {
  /**
   * out = -B_FF^-1 g_F on the free coordinates, 0 on the others.
   *
   * @param free 1: a coordinate that may move
   */
  direction(g: Float64Array, free: Uint8Array, out: Float64Array): void;
  /** Learns from a step s, along which the gradient changed by y. */
  learn(s: Float64Array, y: Float64Array): void;
  /** B_ii, or a figure of its size. */
  diagonal(i: number): number;
  /** False before anything was learned: lengths of directions then mean nothing. */
  readonly isScaled: boolean;
  /** Forgets all. */
  reset(): void;
  save(writer: SnapshotWriter): void;
  load(reader: SnapshotReader): void;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
