import { finite, positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Curvature, dot } from './curvature.ts';

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/**
 * The last steps alone: O(m n) a step and a direction.
 *
 * @see Nocedal (1980), Updating quasi-Newton matrices with limited storage, Math. Comput. 35, 773: the two-loop recursion
 */
export class LimitedCurvature implements Curvature {
  readonly #n: number;
  readonly #memory: number;
  #pairs: Pair[] = [];
  #scale = 1;

  /** @param memory how many steps are kept */
  constructor(n: number, memory: number) {
    this.#n = n;
    this.#memory = memory;
  }

  get isScaled(): boolean {
    return this.#pairs.length > 0;
  }

  reset(): void {
    this.#pairs = [];
    this.#scale = 1;
  }

  diagonal(_i: number): number {
    return this.#scale;
  }

  direction(g: Float64Array, free: Uint8Array, out: Float64Array): void {
    const within = (a: Float64Array, b: Float64Array): number => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) if (free[i]) sum += a[i]! * b[i]!;
      return sum;
    };
    for (let i = 0; i < this.#n; i++) out[i] = free[i] ? -g[i]! : 0;
    // On the free coordinates alone: a step along which the curvature is not positive there has nothing to say.
    const known = this.#pairs
      .map((pair) => ({ ...pair, sy: within(pair.s, pair.y) }))
      .filter(({ sy, y }) => sy > 1e-12 * within(y, y) * 1e-8);
    const alphas = new Float64Array(known.length);
    for (let k = known.length - 1; k >= 0; k--) {
      const { s, y, sy } = known[k]!;
      alphas[k] = within(s, out) / sy;
      for (let i = 0; i < this.#n; i++) if (free[i]) out[i] = out[i]! - alphas[k]! * y[i]!;
    }
    const last = known.at(-1);
    const scale = last ? last.sy / within(last.y, last.y) : 1 / this.#scale;
    for (let i = 0; i < this.#n; i++) out[i] = out[i]! * scale;
    for (const [k, { s, y, sy }] of known.entries()) {
      const beta = within(y, out) / sy;
      for (let i = 0; i < this.#n; i++) if (free[i]) out[i] = out[i]! + (alphas[k]! - beta) * s[i]!;
    }
  }

  learn(s: Float64Array, y: Float64Array): void {
    const sy = dot(s, y);
    if (!(sy > 1e-10 * Math.sqrt(dot(s, s) * dot(y, y)))) return;
    this.#pairs.push({ s: s.slice(), y: y.slice() });
    if (this.#pairs.length > this.#memory) this.#pairs.shift();
    this.#scale = dot(y, y) / sy;
  }

  save(writer: SnapshotWriter): void {
    writer.put('pairs', this.#pairs.length);
    writer.numbers([this.#scale]);
    for (const { s, y } of this.#pairs) {
      writer.numbers(s);
      writer.numbers(y);
    }
  }

  load(reader: SnapshotReader): void {
    const count = reader.integer('pairs', 0, this.#memory);
    this.#scale = reader.number('scale of the curvature', positive);
    this.#pairs = Array.from({ length: count }, () => {
      const s = reader.numbers('steps', this.#n, finite);
      return { s, y: reader.numbers('changes of the gradient', this.#n, finite) };
    });
  }
}
