import { minus, norm } from '../math/vector.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { Interpolation } from './interpolation.ts';
import { QuadraticModel } from './quadratic-model.ts';

/** The points that a model interpolates, their values, and the model, which counts from the best of them. */
export class InterpolatedPoints {
  readonly #points: Float64Array[];
  readonly #values: Float64Array;
  #best: number;
  #model: QuadraticModel;
  /** Made when it is needed. */
  #interpolation: Interpolation | undefined;

  private constructor(points: Float64Array[], values: Float64Array, model: QuadraticModel) {
    this.#points = points;
    this.#values = values;
    this.#best = values.reduce((best, value, j) => (value < values[best]! ? j : best), 0);
    this.#model = model;
  }

  /** @param values finite ones @returns `undefined` when the points determine no model */
  static of(points: readonly Float64Array[], values: Float64Array): InterpolatedPoints | undefined {
    const made = new InterpolatedPoints([...points], values, new QuadraticModel(points[0]!.length));
    return made.#fit() ? made : undefined;
  }

  get best(): Float64Array {
    return this.#points[this.#best]!;
  }

  get bestValue(): number {
    return this.#values[this.#best]!;
  }

  get model(): QuadraticModel {
    return this.#model;
  }

  /** To be told for a point that has no value: far worse than all, but not so much that the model knows nothing else. */
  get penalty(): number {
    const worst = Math.max(...this.#values);
    const range = worst - this.bestValue;
    return worst + Math.max(range, 1e-3 * Math.abs(worst), 1e-12);
  }

  /** The one that is farthest from the best. */
  farthest(): { readonly at: number; readonly distance: number } {
    let [at, distance] = [0, 0];
    for (let j = 0; j < this.#points.length; j++) {
      const length = norm(this.stepTo(j));
      if (length > distance) [at, distance] = [j, length];
    }
    return { at, distance };
  }

  stepTo(j: number): Float64Array {
    return minus(this.#points[j]!, this.best);
  }

  get interpolation(): Interpolation | undefined {
    return (this.#interpolation ??= Interpolation.of(this.#points, this.best));
  }

  /**
   * The point that a new one at the best + `d` had better take the place of: far from the best, and such that the others with the new one
   * determine the model well.
   *
   * @see Powell (2009), eq. 6.1, with the square of the Lagrange function, by which its denominator is bounded from below
   */
  toReplace(d: Float64Array, isBetter: boolean, radius: number): number {
    const lagrange = this.interpolation?.lagrangeValues(d);
    let [at, highest] = [-1, 0];
    for (let j = 0; j < this.#points.length; j++) {
      if (j === this.#best && !isBetter) continue;
      const from = isBetter ? minus(this.stepTo(j), d) : this.stepTo(j);
      const weight = Math.max(1, norm(from) / radius) ** 6;
      const score = weight * (lagrange?.[j] ?? 1) ** 2;
      if (score > highest) [at, highest] = [j, score];
    }
    return at;
  }

  /** Puts a point with its value in the place of point j. @returns false when the points determine no model any more */
  replace(j: number, x: Float64Array, value: number): boolean {
    const isBetter = value < this.bestValue;
    if (isBetter) this.#model.move(minus(x, this.best));
    this.#points[j] = x;
    this.#values[j] = value;
    if (isBetter) this.#best = j;
    return this.#fit();
  }

  #fit(): boolean {
    this.#interpolation = undefined;
    const rests = this.#values.map((value, j) => value - this.#model.at(this.stepTo(j)));
    const { interpolation } = this;
    if (!interpolation || !rests.every(Number.isFinite)) return false;
    interpolation.correct(this.#model, rests);
    return this.#model.isSound;
  }

  save(writer: SnapshotWriter): void {
    writer.put('best', this.#best);
    for (const x of this.#points) writer.numbers(x);
    writer.numbers(this.#values);
    this.#model.save(writer);
  }

  static load(reader: SnapshotReader, n: number): InterpolatedPoints {
    const count = 2 * n + 1;
    const best = reader.integer('best', 0, count - 1);
    const points = Array.from({ length: count }, () => reader.numbers('points', n, inUnitBox));
    const values = reader.numbers('values at the points', count, finite);
    const loaded = new InterpolatedPoints(points, values, QuadraticModel.load(reader, n));
    if (values[loaded.#best] !== values[best]) throw reader.invalid('has a best point that is not the best');
    loaded.#best = best;
    return loaded;
  }
}
