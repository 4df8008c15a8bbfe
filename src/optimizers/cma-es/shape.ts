import type { RandomStream } from '../../core/random.ts';
import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';

/** The matrix C of the distribution N(m, (sigma S)^2 C), decomposed as A A' with a lower triangular A. */
export interface Shape {
  /** False when it has lost its positive definiteness to rounding; it was then replaced by the unit matrix. */
  isSound: boolean;
  /**
   * Draws y = A z, z ~ N(0, I), into `steps` from `at` on; of it the coordinates `from` to `to` - 1, those before being there already, so that whoever
   * does not like the first ones saves the others.
   *
   * @param from a multiple of 4, as `to` is unless it is n
   * @returns the squared length of what was drawn of z = A^-1 y
   */
  sample(random: RandomStream, steps: Float64Array, at: number, from?: number, to?: number): number;
  /**
   * out = A^-1 y, which differs from C^(-1/2) y by a rotation.
   *
   * @returns the squared length of both
   */
  whiten(steps: Float64Array, at: number, out: Float64Array): number;
  /** C_ii */
  variance(i: number): number;
  /** Brings the principal axes up to date with C, which only `axis` and `condition` look at. */
  findAxes(): void;
  /** Coordinate `i` of the eigenvector `axis`, as long as the square root of its eigenvalue. */
  axis(axis: number, i: number): number;
  /** Ratio of the greatest to the least eigenvalue; Infinity once it is not sound. */
  condition(): number;
  /** C becomes `decay` C + sum of factors[r] y_r y_r', for the rows y_r of `rows` that begin at `starts[r]`. */
  learn(decay: number, rows: Float64Array, starts: Int32Array, factors: Float64Array): void;
  /** Turns an axis of the parameters round. */
  mirror(i: number): void;
  /** Brings A up to date with C. */
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
