import type { RandomStream } from '../../core/random.ts';
import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';

/** The matrix C of the distribution N(m, (sigma S)^2 C), decomposed as B D^2 B'. */
export interface Shape {
  /** False when it has lost its positive definiteness to rounding; it was then replaced by the unit matrix. */
  isSound: boolean;
  /** Draws y = B D z, z ~ N(0, I), into `steps` from `at` on. @returns the squared length of z = C^(-1/2) y */
  sample(random: RandomStream, steps: Float64Array, at: number): number;
  /**
   * out = D^-1 B' y, which differs from C^(-1/2) y = B D^-1 B' y by a rotation.
   *
   * @returns the squared length of C^(-1/2) y
   */
  whiten(steps: Float64Array, at: number, out: Float64Array): number;
  /** out = B v */
  rotate(v: Float64Array, out: Float64Array): void;
  /** C_ii */
  variance(i: number): number;
  /** Coordinate `i` of the eigenvector `axis`, as long as the square root of its eigenvalue. */
  axis(axis: number, i: number): number;
  /** Ratio of the greatest to the least eigenvalue; Infinity once it is not sound. */
  condition(): number;
  /** C becomes `decay` C + sum of factors[r] y_r y_r', for the rows y_r of `rows` that begin at `starts[r]`. */
  learn(decay: number, rows: Float64Array, starts: Int32Array, factors: Float64Array): void;
  /** Turns an axis of the parameters round. */
  mirror(i: number): void;
  /** Brings B and D up to date with C. */
  decompose(): void;
  save(writer: SnapshotWriter): void;
  /** Becomes what was saved of a shape of the same size. */
  load(reader: SnapshotReader): void;
}

/** @returns (greatest / least)^2 */
export function squaredRatio(axes: Float64Array): number {
  let least = Infinity;
  let greatest = 0;
  for (const axis of axes) {
    if (axis < least) least = axis;
    if (axis > greatest) greatest = axis;
  }
  return (greatest / least) ** 2;
}
