import { power } from '../../core/power.ts';
import { minus, norm } from '../math/vector.ts';
import type { ModelSet, Sample } from '../trust-region/contract.ts';
import type { Quadratic } from '../trust-region/step.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { Interpolation } from './interpolation.ts';
import { QuadraticModel } from './quadratic-model.ts';

/** The points that a model interpolates, their values, and the model, which counts from the best of them. */
export class InterpolatedPoints implements ModelSet {
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

  /** @returns `undefined` when the points determine no model */
  static of(
    points: readonly Float64Array[],
    samples: readonly (Sample | undefined)[],
  ): InterpolatedPoints | undefined {
    const penalty = penaltyOf(samples.flatMap((sample) => sample?.value ?? []));
    const values = Float64Array.from(samples, (sample) => sample?.value ?? penalty);
    const made = new InterpolatedPoints([...points], values, new QuadraticModel(points[0]!.length));
    return made.#fit() ? made : undefined;
  }

  get best(): Float64Array {
    return this.#points[this.#best]!;
  }

  get bestSample(): Sample {
    return { value: this.#values[this.#best]! };
  }

  get quadratic(): Quadratic {
    return this.#model;
  }

  valueAt(d: Float64Array): number {
    return this.#model.at(d);
  }

  penalty(): Sample {
    return { value: penaltyOf(this.#values) };
  }

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

  lagrange(k: number): Quadratic | undefined {
    return this.#interpolated()?.lagrange(k);
  }

  #interpolated(): Interpolation | undefined {
    return (this.#interpolation ??= Interpolation.of(this.#points, this.best));
  }

  /**
   * One that is far from the best, and such that the others determine the model well with the new one.
   *
   * @see Powell (2009), eq. 6.1, with the square of the Lagrange function, by which its denominator is bounded from below
   */
  toReplace(d: Float64Array, isBetter: boolean, radius: number): number {
    const lagrange = this.#interpolated()?.lagrangeValues(d);
    let [at, highest] = [-1, 0];
    for (let j = 0; j < this.#points.length; j++) {
      if (j === this.#best && !isBetter) continue;
      const from = isBetter ? minus(this.stepTo(j), d) : this.stepTo(j);
      const weight = power(Math.max(1, norm(from) / radius), 6);
      const score = weight * (lagrange?.[j] ?? 1) ** 2;
      if (score > highest) [at, highest] = [j, score];
    }
    return at;
  }

  replace(j: number, x: Float64Array, { value }: Sample): boolean {
    const isBetter = value < this.bestSample.value;
    if (isBetter) this.#model.move(minus(x, this.best));
    this.#points[j] = x;
    this.#values[j] = value;
    if (isBetter) this.#best = j;
    return this.#fit();
  }

  #fit(): boolean {
    this.#interpolation = undefined;
    const rests = this.#values.map((value, j) => value - this.#model.at(this.stepTo(j)));
    const interpolation = this.#interpolated();
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

function penaltyOf(values: ArrayLike<number>): number {
  let [least, worst] = [Infinity, -Infinity];
  for (const value of Array.from(values)) [least, worst] = [Math.min(least, value), Math.max(worst, value)];
  return worst + Math.max(worst - least, 1e-3 * Math.abs(worst), 1e-12);
}
