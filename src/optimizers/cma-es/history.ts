import { told, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import { recentGenerations, type Parameters } from './parameters.ts';

const LONGEST = 20_000;

/**
 * Best and median value of each generation that had a feasible best, as far back as the stop criteria look: the last 20 % of the
 * generations, but at least 120 + 30 n / lambda and at most 20,000.
 *
 * @see Hansen (2016), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, section B.3
 */
export class History {
  /** How many generations the criteria on values look back. */
  readonly recent: number;
  readonly #leastWindow: number;
  #best: number[] = [];
  #median: number[] = [];
  #count = 0;

  constructor({ dimension, lambda }: Parameters) {
    this.recent = recentGenerations(dimension, lambda);
    this.#leastWindow = 110 + this.recent;
  }

  add(best: number, middle: number): void {
    this.#best.push(best);
    this.#median.push(middle);
    this.#count++;
    const window = this.#window;
    if (this.#best.length < 2 * window) return;
    this.#best = this.#best.slice(-window);
    this.#median = this.#median.slice(-window);
  }

  /** Least and greatest of the best values of the last `recent` generations; `undefined` before there are as many. */
  recentBest(): { readonly least: number; readonly greatest: number } | undefined {
    const from = this.#best.length - this.recent;
    if (from < 0) return undefined;
    let least = Infinity;
    let greatest = -Infinity;
    for (let i = from; i < this.#best.length; i++) {
      const value = this.#best[i]!;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    return { least, greatest };
  }

  /** True when neither best nor median values are better in the last 30 % of the window than in its first 30 %; tested now and then. */
  isStagnant(): boolean {
    const window = this.#window;
    if (this.#count < window || this.#count % Math.ceil(window / 20) !== 0) return false;
    return [this.#best, this.#median].every((values) => {
      const part = Math.floor(0.3 * window);
      return median(values.slice(-part)) >= median(values.slice(-window, part - window));
    });
  }

  /** How many generations the test for stagnation compares. */
  get window(): number {
    return this.#window;
  }

  get #window(): number {
    return Math.min(LONGEST, Math.max(this.#leastWindow, Math.ceil(this.#count / 5)));
  }

  save(writer: SnapshotWriter): void {
    writer.put('recorded', this.#count);
    writer.numbers(this.#best.slice(-this.#window));
    writer.numbers(this.#median.slice(-this.#window));
  }

  static load(reader: SnapshotReader, parameters: Parameters): History {
    const saved = new History(parameters);
    saved.#count = reader.integer('recorded', 0, Number.MAX_SAFE_INTEGER);
    const length = Math.min(saved.#count, saved.#window);
    saved.#best = [...reader.numbers('history', length, told)];
    saved.#median = [...reader.numbers('history', length, told)];
    return saved;
  }
}

/** The middle value; of an even number of values the lower middle one. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[(sorted.length - 1) >> 1]!;
}
