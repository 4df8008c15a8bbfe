import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { type Evaluated, loadEvaluated, saveEvaluated } from '../trials.ts';
import { Curvature, dot } from './curvature.ts';

/**
 * Of a forward difference, fractions of the box: the square root of the rounding error, and less where that is too coarse, as it is near
 * a kink and in a narrow valley. A smaller one is tried when no decrease is found, as long as that helps.
 */
const DIFFERENCES = [2 ** -26, 2 ** -33, 2 ** -40] as const;
/** A decrease counts from this fraction of what the slope promises (Armijo). */
const SUFFICIENT = 1e-4;
const MOST_REDUCTIONS = 12;
/** Before anything is known of the curvature no coordinate changes by more than this. */
const FIRST_STEP = 0.01;

/**
 * A descent from one point in the box: L-BFGS, whose gradients are forward differences and whose steps end at the bounds.
 *
 * It tells which points it needs next: for a gradient one a coordinate, all at once; along a direction one after the other. Integers keep
 * their values. A derivative that cannot be measured, since the point next to it has no feasible value, counts as 0.
 *
 * @see Byrd, Lu, Nocedal, Zhu (1995), A limited memory algorithm for bound constrained optimization, SIAM J. Sci. Comput. 16, 1190: of it
 * the memory and the active bounds; the piecewise quadratic model is not built, a projected step with backtracking takes its place
 */
export class LocalSearch {
  readonly #steps: readonly number[];
  readonly #tolerance: number;
  #here: Evaluated;
  #curvature = new Curvature();
  /** At `here`; `undefined` while it is measured. */
  #gradient: Float64Array | undefined;
  /** The gradient before, and where it was, while another one is measured. */
  #past: { readonly x: Float64Array; readonly gradient: Float64Array } | undefined;
  #direction: Float64Array;
  #length = 1;
  #reductions = 0;
  /** Which difference is used, and whether it has brought a decrease. */
  #level = 0;
  #isUseful = true;
  #iterations = 0;

  /** @param tolerance a decrease by less ends the search */
  constructor(from: Evaluated, steps: readonly number[], tolerance: number) {
    this.#here = from;
    this.#steps = steps;
    this.#tolerance = tolerance;
    this.#direction = new Float64Array(steps.length);
  }

  /** Where it has got to. */
  get here(): Evaluated {
    return this.#here;
  }

  /** The points to evaluate first; none when all coordinates are integers. */
  begin(): readonly Float64Array[] {
    return this.#continuous().map((i) => this.#here.x.with(i, this.#here.x[i]! + this.#difference(i)));
  }

  /** @returns the next points to evaluate; none when it has ended */
  advance(points: readonly Evaluated[]): readonly Float64Array[] {
    if (this.#gradient) return this.#judge(points[0]!, this.#gradient);
    const gradient = new Float64Array(this.#steps.length);
    for (const [k, i] of this.#continuous().entries()) {
      const point = points[k]!;
      const slope = (point.fx - this.#here.fx) / this.#difference(i);
      if (point.violation === 0 && Number.isFinite(slope)) gradient[i] = slope;
    }
    this.#gradient = gradient;
    if (this.#past) {
      const { x, gradient: before } = this.#past;
      this.#curvature.add(
        this.#here.x.map((value, i) => value - x[i]!),
        gradient.map((value, i) => value - before[i]!),
      );
      this.#past = undefined;
    }
    return this.#descend(gradient);
  }

  #judge(point: Evaluated, gradient: Float64Array): readonly Float64Array[] {
    const { x, fx } = this.#here;
    const slope = dot(
      gradient,
      point.x.map((value, i) => value - x[i]!),
    );
    if (isDescendable(point) && point.fx <= fx + SUFFICIENT * slope) {
      this.#past = { x, gradient };
      this.#here = point;
      this.#gradient = undefined;
      this.#isUseful = true;
      this.#iterations++;
      const isByLittle = fx - point.fx <= this.#tolerance + 1e-14 * Math.abs(fx);
      return isByLittle || this.#iterations > Math.max(100, 6 * x.length) ? [] : this.begin();
    }
    if (this.#reductions === MOST_REDUCTIONS) {
      // The direction may be at fault, not the gradient.
      const isSteepest = this.#curvature.isEmpty;
      this.#curvature.forget();
      return isSteepest ? this.#refine() : this.#descend(gradient);
    }
    this.#reductions++;
    // The minimum of the parabola through both values and the slope, kept within [0.1, 0.5].
    const bend = 2 * (point.fx - fx - slope);
    const factor = bend > 0 && Number.isFinite(bend) ? -slope / bend : 0.25;
    this.#length *= Math.min(0.5, Math.max(0.1, factor));
    return [this.#along()];
  }

  /** The gradient once more, with smaller differences. */
  #refine(): readonly Float64Array[] {
    if (!this.#isUseful || this.#level === DIFFERENCES.length - 1) return [];
    this.#level++;
    this.#isUseful = false;
    this.#gradient = undefined;
    return this.begin();
  }

  #descend(gradient: Float64Array): readonly Float64Array[] {
    const { x } = this.#here;
    // Bounds that the function falls beyond hold their coordinates.
    const free = gradient.map((slope, i) =>
      (x[i]! <= 0 && slope > 0) || (x[i]! >= 1 && slope < 0) ? 0 : slope,
    );
    const steepest = free.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    if (steepest === 0 || !Number.isFinite(steepest)) return [];
    const direction = this.#curvature.direction(free).map((value, i) => (free[i] === 0 ? 0 : value));
    const isDescent = dot(direction, free) < 0 && direction.every((value) => Number.isFinite(value));
    if (!isDescent) this.#curvature.forget();
    this.#direction = isDescent ? direction : free.map((slope) => -slope);
    this.#length = this.#curvature.isEmpty ? FIRST_STEP / steepest : 1;
    this.#reductions = 0;
    const next = this.#along();
    return next.every((value, i) => value === x[i]) ? [] : [next];
  }

  /** The point that is `length` along the direction, moved to the bounds. */
  #along(): Float64Array {
    return this.#here.x.map((value, i) =>
      Math.min(1, Math.max(0, value + this.#length * this.#direction[i]!)),
    );
  }

  /** Into the box, and of a size that is exact. */
  #difference(i: number): number {
    const x = this.#here.x[i]!;
    const size = DIFFERENCES[this.#level]!;
    const step = x < 0.5 ? size : -size;
    return x + step - x;
  }

  #continuous(): readonly number[] {
    return this.#steps.flatMap((values, i) => (values > 0 ? [] : [i]));
  }

  save(writer: SnapshotWriter): void {
    saveEvaluated(writer, 'localPoint', [this.#here]);
    this.#curvature.save(writer);
    writer.put('hasGradient', Number(this.#gradient !== undefined));
    if (this.#gradient) writer.numbers(this.#gradient);
    writer.put('hasPast', Number(this.#past !== undefined));
    if (this.#past) writer.numbers([...this.#past.x, ...this.#past.gradient]);
    writer.numbers([...this.#direction, this.#length]);
    writer.put('reductions', this.#reductions);
    writer.put('level', this.#level);
    writer.put('isUseful', Number(this.#isUseful));
    writer.put('iterations', this.#iterations);
  }

  /** @returns the search, and how many points are out */
  static load(
    reader: SnapshotReader,
    steps: readonly number[],
    tolerance: number,
  ): { readonly search: LocalSearch; readonly count: number } {
    const n = steps.length;
    const [here] = loadEvaluated(reader, 'localPoint', 1, n);
    if (!here || !Number.isFinite(here.fx)) throw reader.invalid('has no localPoint');
    const search = new LocalSearch(here, steps, tolerance);
    search.#curvature = Curvature.load(reader, n);
    if (reader.integer('hasGradient', 0, 1) === 1) search.#gradient = reader.numbers('gradient', n, finite);
    if (reader.integer('hasPast', 0, 1) === 1)
      search.#past = { x: reader.numbers('past', n, finite), gradient: reader.numbers('past', n, finite) };
    search.#direction = reader.numbers('direction', n, finite);
    search.#length = reader.number('length', (value) => value >= 0 && finite(value));
    search.#reductions = reader.integer('reductions', 0, MOST_REDUCTIONS);
    search.#level = reader.integer('level', 0, DIFFERENCES.length - 1);
    search.#isUseful = reader.integer('isUseful', 0, 1) === 1;
    search.#iterations = reader.integer('iterations', 0, Number.MAX_SAFE_INTEGER);
    return { search, count: search.#gradient ? 1 : search.#continuous().length };
  }
}

/** A descent can begin there. */
export function isDescendable(point: Evaluated | undefined): point is Evaluated {
  return point !== undefined && Number.isFinite(point.fx) && point.violation === 0;
}
