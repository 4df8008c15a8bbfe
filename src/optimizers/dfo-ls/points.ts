import { power } from '../../core/power.ts';
import { LU } from '../math/lu.ts';
import { dot, minus, norm } from '../math/vector.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { ModelSet, Sample } from '../trust-region/contract.ts';
import type { Quadratic } from '../trust-region/step.ts';

/** What is known of a point of such a set. */
export type Fitted = Required<Sample>;

const LONGEST = 1e7;
/** Of the residuals of a point that has none: by how much they are larger than the best ones, at least and at most. */
const [LEAST_FACTOR, GREATEST_FACTOR] = [2, 1e6];

/**
 * n + 1 points and their residuals, each taken for linear between them: r(best + d) = r + J d.
 *
 * @remarks O(n^3 + m n^2) for each new point, with m residuals
 * @see Cartis, Fiala, Marteau, Roberts (2019), Improving the flexibility and robustness of model-based derivative-free optimization solvers,
 *   ACM Trans. Math. Softw. 45(3), 32; arXiv:1804.00154, eqs. 2.2-2.5
 */
export class LinearResiduals implements ModelSet {
  readonly #points: Float64Array[];
  readonly #samples: Fitted[];
  #best: number;
  /** Of the Lagrange functions, which are linear; empty for the best. */
  #gradients: readonly Float64Array[] = [];
  /** A row a residual. */
  #jacobian = new Float64Array();
  #slope = new Float64Array();

  private constructor(points: Float64Array[], samples: Fitted[]) {
    this.#points = points;
    this.#samples = samples;
    this.#best = samples.reduce((best, { value }, k) => (value < samples[best]!.value ? k : best), 0);
  }

  /** @returns `undefined` when the points determine no model */
  static of(
    points: readonly Float64Array[],
    samples: readonly (Sample | undefined)[],
  ): LinearResiduals | undefined {
    const known = samples.filter((sample): sample is Fitted => sample?.residuals !== undefined);
    const count = known[0]!.residuals.length;
    const penalty = penaltyOf(known);
    const all = samples.map((sample) => (sample?.residuals?.length === count ? (sample as Fitted) : penalty));
    const made = new LinearResiduals([...points], all);
    return made.#fit() ? made : undefined;
  }

  get best(): Float64Array {
    return this.#points[this.#best]!;
  }

  get bestSample(): Fitted {
    return this.#samples[this.#best]!;
  }

  /** |r + J d|^2 - |r|^2 = 2 (J'r)'d + d'(J'J)d */
  get quadratic(): Quadratic {
    return {
      gradient: this.#slope,
      times: (v) => this.#transposed(this.#product(v)).map((value) => 2 * value),
    };
  }

  valueAt(d: Float64Array): number {
    const { residuals } = this.bestSample;
    return this.#product(d).reduce((sum, value, row) => sum + (residuals[row]! + value) ** 2, 0);
  }

  lagrange(k: number): Quadratic {
    const n = this.best.length;
    return { gradient: this.#gradients[k]!, times: () => new Float64Array(n) };
  }

  stepTo(k: number): Float64Array {
    return minus(this.#points[k]!, this.best);
  }

  farthest(): { readonly at: number; readonly distance: number } {
    let [at, distance] = [0, 0];
    for (let k = 0; k < this.#points.length; k++) {
      const length = norm(this.stepTo(k));
      if (length > distance) [at, distance] = [k, length];
    }
    return { at, distance };
  }

  /** @see Cartis et al. (2019), eq. 2.11 */
  toReplace(d: Float64Array, isBetter: boolean, radius: number): number {
    const values = this.#gradients.map((gradient, k) => (k === this.#best ? 0 : dot(gradient, d)));
    values[this.#best] = 1 - values.reduce((sum, value) => sum + value, 0);
    let [at, highest] = [-1, 0];
    for (let k = 0; k < this.#points.length; k++) {
      if (k === this.#best && !isBetter) continue;
      const from = isBetter ? minus(this.stepTo(k), d) : this.stepTo(k);
      const score = Math.abs(values[k]!) * power(Math.max(1, norm(from) / radius), 4);
      if (score > highest) [at, highest] = [k, score];
    }
    return at;
  }

  replace(k: number, x: Float64Array, sample: Sample): boolean {
    const count = this.bestSample.residuals.length;
    const fitted = sample.residuals?.length === count ? (sample as Fitted) : this.penalty();
    const isBetter = fitted.value < this.bestSample.value;
    this.#points[k] = x;
    this.#samples[k] = fitted;
    if (isBetter) this.#best = k;
    return this.#fit();
  }

  penalty(): Fitted {
    return penaltyOf(this.#samples);
  }

  #fit(): boolean {
    const n = this.best.length;
    const others = this.#points.map((_, k) => k).filter((k) => k !== this.#best);
    const steps = new Float64Array(n * n);
    for (const [row, k] of others.entries()) steps.set(this.stepTo(k), row * n);
    const lu = LU.of(steps, n);
    if (!lu) return false;
    const gradients: Float64Array[] = this.#points.map(() => new Float64Array());
    for (const [row, k] of others.entries()) gradients[k] = lu.solve(new Float64Array(n).with(row, 1));
    // J = sum of (r_k - r) g_k': eq. 2.3
    const { residuals } = this.bestSample;
    const jacobian = new Float64Array(residuals.length * n);
    for (const k of others) {
      const own = this.#samples[k]!.residuals;
      const gradient = gradients[k]!;
      for (let row = 0; row < residuals.length; row++) {
        const change = own[row]! - residuals[row]!;
        for (let i = 0; i < n; i++) jacobian[row * n + i] = jacobian[row * n + i]! + change * gradient[i]!;
      }
    }
    this.#gradients = gradients;
    this.#jacobian = jacobian;
    this.#slope = this.#transposed(residuals).map((value) => 2 * value);
    return this.#slope.every(finite) && jacobian.every(finite);
  }

  /** J v */
  #product(v: Float64Array): Float64Array {
    const n = v.length;
    const a = this.#jacobian;
    return this.bestSample.residuals.map((_, row) => {
      let sum = 0;
      for (let i = 0, at = row * n; i < n; i++) sum += a[at + i]! * v[i]!;
      return sum;
    });
  }

  /** J'r */
  #transposed(r: Float64Array): Float64Array<ArrayBuffer> {
    const n = this.best.length;
    const product = new Float64Array(n);
    for (let row = 0; row < r.length; row++)
      for (let i = 0, at = row * n; i < n; i++) product[i] = product[i]! + this.#jacobian[at + i]! * r[row]!;
    return product;
  }

  save(writer: SnapshotWriter): void {
    writer.put('best', this.#best);
    writer.put('residualCount', this.bestSample.residuals.length);
    for (const x of this.#points) writer.numbers(x);
    for (const { residuals } of this.#samples) writer.numbers(residuals);
  }

  static load(reader: SnapshotReader, n: number): LinearResiduals {
    const best = reader.integer('best', 0, n);
    const count = reader.integer('residualCount', 1, LONGEST);
    const points = Array.from({ length: n + 1 }, () => reader.numbers('points', n, inUnitBox));
    const samples = points.map(() => fittedOf(reader.numbers('residuals', count, finite)));
    const loaded = new LinearResiduals(points, samples);
    if (loaded.bestSample.value !== samples[best]!.value)
      throw reader.invalid('has a best point that is not the best');
    loaded.#best = best;
    if (!loaded.#fit()) throw reader.invalid('has points that determine no model');
    return loaded;
  }
}

export function fittedOf(residuals: Float64Array): Fitted {
  return { value: dot(residuals, residuals), residuals };
}

/** The residuals of the best one, larger: as much worse than the worst as the best is better. */
function penaltyOf(known: readonly Fitted[]): Fitted {
  const best = known.reduce((a, b) => (b.value < a.value ? b : a));
  const worst = known.reduce((most, { value }) => Math.max(most, value), 0);
  const factor = best.value > 0 ? Math.sqrt((2 * worst - best.value) / best.value) : LEAST_FACTOR;
  const within = Math.min(GREATEST_FACTOR, Math.max(LEAST_FACTOR, factor));
  return fittedOf(best.residuals.map((value) => within * value));
}
