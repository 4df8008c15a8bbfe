import { dot } from '../math/vector.ts';
import type { Quadratic } from '../trust-region/step.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

/** c + g'd + d'Hd / 2, d counted from a point that can be moved. */
export class QuadraticModel implements Quadratic {
  readonly #n: number;
  constant = 0;
  readonly gradient: Float64Array;
  /** Row-major, both triangles. */
  readonly #h: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.gradient = new Float64Array(n);
    this.#h = new Float64Array(n * n);
  }

  readonly times = (v: Float64Array): Float64Array => {
    const [n, h] = [this.#n, this.#h];
    const product = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0, at = i * n; k < n; k++) sum += h[at + k]! * v[k]!;
      product[i] = sum;
    }
    return product;
  };

  at(d: Float64Array): number {
    return this.constant + dot(this.gradient, d) + dot(d, this.times(d)) / 2;
  }

  /** Counts from `d` on from now on. */
  move(d: Float64Array): void {
    this.constant = this.at(d);
    const hd = this.times(d);
    for (let i = 0; i < this.#n; i++) this.gradient[i] = this.gradient[i]! + hd[i]!;
  }

  /** H += factor s s' */
  bend(factor: number, s: Float64Array): void {
    const [n, h] = [this.#n, this.#h];
    for (let i = 0; i < n; i++) {
      const scaled = factor * s[i]!;
      if (scaled === 0) continue;
      for (let k = 0, at = i * n; k < n; k++) h[at + k] = h[at + k]! + scaled * s[k]!;
    }
  }

  get isSound(): boolean {
    return isSmall(this.constant) && this.gradient.every(isSmall) && this.#h.every(isSmall);
  }

  save(writer: SnapshotWriter): void {
    writer.numbers([this.constant]);
    writer.numbers(this.gradient);
    writer.numbers(this.#h);
  }

  static load(reader: SnapshotReader, n: number): QuadraticModel {
    const model = new QuadraticModel(n);
    model.constant = reader.number('model', finite);
    model.gradient.set(reader.numbers('gradient', n, finite));
    model.#h.set(reader.numbers('second derivatives', n * n, finite));
    return model;
  }
}

/** Beyond 1e60 nothing sensible follows. */
function isSmall(value: number): boolean {
  return Math.abs(value) <= 1e60;
}
