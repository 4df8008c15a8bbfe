import { solveCholesky } from '../math/cholesky.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Curvature, dot } from './curvature.ts';

/**
 * The whole matrix: O(n^2) a step learned, O(n^3) a direction.
 *
 * @see Nocedal and Wright (2006), Numerical Optimization, procedure 18.2 (damped BFGS)
 */
export class DenseCurvature implements Curvature {
  readonly #n: number;
  readonly #b: Float64Array;
  readonly #work: Float64Array;
  readonly #right: Float64Array;
  readonly #bs: Float64Array;
  isScaled = false;

  constructor(n: number) {
    this.#n = n;
    this.#b = new Float64Array(n * n);
    this.#work = new Float64Array(n * n);
    this.#right = new Float64Array(n);
    this.#bs = new Float64Array(n);
    this.reset();
  }

  reset(): void {
    this.isScaled = false;
    this.#setTo(1);
  }

  #setTo(scale: number): void {
    this.#b.fill(0);
    for (let i = 0; i < this.#n; i++) this.#b[i * this.#n + i] = scale;
  }

  diagonal(i: number): number {
    return this.#b[i * this.#n + i]!;
  }

  direction(g: Float64Array, free: Uint8Array, out: Float64Array): void {
    const n = this.#n;
    const places: number[] = [];
    for (let i = 0; i < n; i++) if (free[i]) places.push(i);
    for (const [row, i] of places.entries()) {
      this.#right[row] = -g[i]!;
      for (let column = 0; column <= row; column++)
        this.#work[row * n + column] = this.#b[i * n + places[column]!]!;
    }
    out.fill(0);
    const isSolved = solveCholesky(this.#work, places.length, n, this.#right);
    if (!isSolved) this.reset();
    for (const [row, i] of places.entries()) out[i] = isSolved ? this.#right[row]! : -g[i]!;
  }

  learn(s: Float64Array, y: Float64Array): void {
    const n = this.#n;
    const sy = dot(s, y);
    // Nocedal and Wright, eq. 6.20
    if (!this.isScaled) {
      if (!(sy > 0)) return;
      this.#setTo(dot(y, y) / sy);
      this.isScaled = true;
    }
    const bs = this.#bs;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += this.#b[i * n + k]! * s[k]!;
      bs[i] = sum;
    }
    const sbs = dot(s, bs);
    if (!(sbs > 0)) return;
    // eqs. 18.14-18.16: y is mixed with B s where the curvature along s is not positive enough.
    const theta = sy >= 0.2 * sbs ? 1 : (0.8 * sbs) / (sbs - sy);
    const r = y.map((value, i) => theta * value + (1 - theta) * bs[i]!);
    const sr = dot(s, r);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++)
        this.#b[i * n + k] = this.#b[i * n + k]! - (bs[i]! * bs[k]!) / sbs + (r[i]! * r[k]!) / sr;
  }

  save(writer: SnapshotWriter): void {
    writer.put('isScaled', Number(this.isScaled));
    const n = this.#n;
    for (let i = 0; i < n; i++) writer.numbers(this.#b.subarray(i * n, i * n + i + 1));
  }

  load(reader: SnapshotReader): void {
    this.isScaled = reader.integer('isScaled', 0, 1) === 1;
    const n = this.#n;
    for (let i = 0; i < n; i++)
      for (const [k, value] of reader.numbers('curvature', i + 1, finite).entries())
        this.#b[i * n + k] = this.#b[k * n + i] = value;
  }
}
