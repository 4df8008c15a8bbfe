import type { ValueSeries } from '../conditions/series.ts';
import type { OptimizerHistory } from '../hunters/contract.ts';
import { Stretches } from './stretches.ts';

/** How far back the hunters of a run look: the manager keeps no more than that. */
export interface Window {
  readonly values: number;
  readonly points: number;
  /** Columns besides the objective. */
  readonly columns: readonly string[];
}

/** The latest values of one optimizer in one column. */
class Series implements ValueSeries {
  readonly #capacity: number;
  readonly #values: Float64Array;
  /** The best value so far, as it was after each of the latest evaluations. */
  readonly #bests: Float64Array;
  readonly #stretches = new Stretches();
  #count = 0;
  #best = NaN;

  constructor(window: number) {
    this.#capacity = window + 1;
    this.#values = new Float64Array(this.#capacity);
    this.#bests = new Float64Array(this.#capacity);
  }

  get evaluations(): number {
    return this.#count;
  }

  get best(): number {
    return this.#best;
  }

  /** @param value finite */
  push(value: number): void {
    if (!(this.#best <= value)) this.#best = value;
    const at = this.#count++ % this.#capacity;
    this.#values[at] = value;
    this.#bests[at] = this.#best;
    this.#stretches.push(value);
  }

  get lows(): Float64Array {
    return this.#stretches.lows;
  }

  bestAgo(calls: number): number {
    const index = this.#count - 1 - calls;
    if (index < 0 || calls >= this.#capacity) return NaN;
    return this.#bests[index % this.#capacity]!;
  }

  lastValues(calls: number): Float64Array {
    const length = Math.min(calls, this.#count, this.#capacity);
    const first = this.#count - length;
    return Float64Array.from({ length }, (_, i) => this.#values[(first + i) % this.#capacity]!);
  }
}

const EMPTY: ValueSeries = new Series(0);

/** What one optimizer did, as far back as hunters look. */
export class History extends Series implements OptimizerHistory {
  readonly id: number;
  readonly type: string;
  readonly restarts: boolean;
  readonly #columns: ReadonlyMap<string, Series>;
  readonly #pointWindow: number;
  /** The latest points, oldest first. */
  readonly #points: Float64Array[] = [];
  #calls = 0;
  #failedInARow = 0;

  constructor({ id, type, restarts }: Pick<OptimizerHistory, 'id' | 'type' | 'restarts'>, window: Window) {
    super(window.values);
    this.id = id;
    this.type = type;
    this.restarts = restarts;
    this.#columns = new Map(window.columns.map((name) => [name, new Series(window.values)]));
    this.#pointWindow = window.points;
  }

  get calls(): number {
    return this.#calls;
  }

  get failedInARow(): number {
    return this.#failedInARow;
  }

  /** An evaluation ended, with a value or not. */
  count(hasFailed: boolean): void {
    this.#calls++;
    this.#failedInARow = hasFailed ? this.#failedInARow + 1 : 0;
  }

  /** Whether points are to be pushed: nobody looks at them otherwise. */
  get wantsPoints(): boolean {
    return this.#pointWindow > 0;
  }

  /** @param point of the unit box */
  pushPoint(point: Float64Array): void {
    this.#points.push(point);
    if (this.#points.length > this.#pointWindow) this.#points.shift();
  }

  /** @param value finite */
  pushColumn(name: string, value: number): void {
    this.#columns.get(name)?.push(value);
  }

  column(name: string): ValueSeries {
    return this.#columns.get(name) ?? EMPTY;
  }

  lastPoints(calls: number): readonly Float64Array[] {
    return calls === 0 ? [] : this.#points.slice(-calls);
  }
}
