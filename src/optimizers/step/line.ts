import { inUnitBox, told, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { ResolvedStepOptions } from './options.ts';

/**
 * What is known of the function along one coordinate: places in ascending order, and how much higher than at the base each is. A place
 * whose evaluation failed is infinitely high, and counts as high as the highest that is known.
 */
export class Line {
  readonly #options: ResolvedStepOptions;
  /** How many values an integer has; 0 for a continuous coordinate. */
  readonly #values: number;
  #places: number[];
  #heights: number[];
  /** Whether the next sample may be the vertex of a parabola: every other one is, if there is a vertex worth looking at. */
  #isParabolasTurn = false;

  /** @param base where the base is in this coordinate: see `snap` */
  constructor(options: ResolvedStepOptions, values: number, base: number) {
    this.#options = options;
    this.#values = values;
    this.#places = [base];
    this.#heights = [0];
  }

  /** The middle of the cell of an integer. */
  static snap(place: number, values: number): number {
    return values > 0 ? (Math.min(values - 1, Math.floor(place * values)) + 0.5) / values : place;
  }

  get samples(): number {
    return this.#places.length;
  }

  /** The lowest place; of equals the first one. */
  get best(): { readonly place: number; readonly height: number } {
    const at = this.#best();
    return { place: this.#places[at]!, height: this.#heights[at]! };
  }

  heightAt(place: number): number | undefined {
    return this.#heights[this.#places.indexOf(place)];
  }

  /** Greatest minus least height, failed places left aside. */
  get range(): number {
    return this.#highest() - this.#heights[this.#best()]!;
  }

  /** Another place was evaluated. */
  add(place: number, height: number): void {
    const above = this.#places.findIndex((other) => other >= place);
    const at = above < 0 ? this.#places.length : above;
    const known = this.#places[at] === place ? 1 : 0;
    this.#places.splice(at, known, place);
    this.#heights.splice(at, known, Number.isFinite(height) ? height : Infinity);
  }

  /** The base moved to a place that was evaluated. */
  moveBase(place: number): void {
    const height = this.heightAt(place)!;
    this.#heights = this.#heights.map((other) => other - height);
  }

  /** Where to evaluate next: the bounds, the vertex of a parabola and the easiest interval by turns; `undefined` when finished. */
  next(): number | undefined {
    for (const bound of [0, 1]) {
      const place = Line.snap(bound, this.#values);
      if (!this.#places.includes(place)) return place;
    }
    const isParabolasTurn = this.#isParabolasTurn;
    this.#isParabolasTurn = !isParabolasTurn;
    return (isParabolasTurn ? this.#vertex() : undefined) ?? this.#easiest();
  }

  /** Of the parabola through the lowest place and its neighbours, if it promises enough. */
  #vertex(): number | undefined {
    const at = this.#best();
    const [left, middle, right] = [this.#places[at - 1], this.#places[at]!, this.#places[at + 1]];
    if (left === undefined || right === undefined) return undefined;
    const height = this.#heights[at]!;
    const up = [this.#heights[at - 1]! - height, this.#heights[at + 1]! - height] as const;
    const [a, b] = [middle - left, right - middle];
    // Through (-a, up_0), (0, 0), (b, up_1): curvature k and slope s at 0.
    const k = (up[0] / a + up[1] / b) / (a + b);
    const s = up[1] / b - k * b;
    if (!(k > 0) || !Number.isFinite(k) || (s * s) / (4 * k) < this.#options.tolFun) return undefined;
    const vertex = Line.snap(middle - s / (2 * k), this.#values);
    const isNew = vertex > left && vertex < right && Math.abs(vertex - middle) > this.#options.tolX;
    return isNew ? vertex : undefined;
  }

  /**
   * The middle of the interval in which the function could most easily get below the lowest height by `tolFun`: by the flattest
   * parabola that goes through both of its ends and touches that target in between.
   */
  #easiest(): number | undefined {
    const { tolFun, tolX, maxDifficulty } = this.#options;
    const highest = this.#highest();
    const lowest = this.#heights[this.#best()]!;
    const target = lowest - tolFun;
    let least = maxDifficulty * Math.max(highest - lowest, tolFun);
    let easiest: number | undefined;
    for (let i = 1; i < this.#places.length; i++) {
      const [from, to] = [this.#places[i - 1]!, this.#places[i]!];
      const middle = this.#middle(from, to);
      if (to - from < tolX || middle <= from || middle >= to) continue;
      // k (x - m)^2 + target through both ends: sqrt(k) (to - from) = sqrt(h_from - target) + sqrt(h_to - target)
      const roots =
        Math.sqrt(Math.min(this.#heights[i - 1]!, highest) - target) +
        Math.sqrt(Math.min(this.#heights[i]!, highest) - target);
      const difficulty = (roots / (to - from)) ** 2;
      if (difficulty >= least) continue;
      least = difficulty;
      easiest = middle;
    }
    return easiest;
  }

  #middle(from: number, to: number): number {
    return Line.snap(from + (to - from) / 2, this.#values);
  }

  #best(): number {
    let best = 0;
    for (let i = 1; i < this.#heights.length; i++) if (this.#heights[i]! < this.#heights[best]!) best = i;
    return best;
  }

  #highest(): number {
    let highest = -Infinity;
    for (const height of this.#heights) if (height > highest && height < Infinity) highest = height;
    return highest;
  }

  save(writer: SnapshotWriter): void {
    writer.numbers([this.#places.length, Number(this.#isParabolasTurn), ...this.#places, ...this.#heights]);
  }

  /** @param base where the base is */
  static load(reader: SnapshotReader, options: ResolvedStepOptions, values: number, base: number): Line {
    const line = new Line(options, values, base);
    const count = reader.number('count of places', (value) => Number.isSafeInteger(value) && value >= 1);
    line.#isParabolasTurn = reader.number('turn', (value) => value === 0 || value === 1) === 1;
    line.#places = [...reader.numbers('places', count, inUnitBox)];
    line.#heights = [...reader.numbers('heights', count, told)];
    const isSorted = line.#places.every((place, i) => i === 0 || place > line.#places[i - 1]!);
    const isSound = line.#heights.every((height) => height > -Infinity) && line.heightAt(base) === 0;
    if (!isSorted || !isSound) throw reader.invalid('has a line that does not fit its base');
    return line;
  }
}
