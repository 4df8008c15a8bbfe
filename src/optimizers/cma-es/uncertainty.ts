import { compareRanked, type Ranked } from '../../core/ranking.ts';
import { power } from '../../core/power.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { Outcome } from './outcome.ts';
import { meanOf, type Plan } from './plan.ts';

/** By how much more of the values than this a candidate may be overtaken between two evaluations: theta of the paper, where it is 0.2. */
const THETA = 0.5;

/** c_s: how fast the measure follows; 1 in the paper. With less than 1/2 one generation of bad luck is not enough. */
const SPEED = 0.3;

/**
 * Uncertainty handling: some candidates are evaluated twice, and how far they change their ranks says whether the ranking can be
 * relied upon. Where it cannot, candidates are evaluated more often and their means are ranked, and when that is as often as may be,
 * steps are made longer, so that values differ by more.
 *
 * Both evaluations are asked for at once: which candidates have two does not depend on values. Theta, c_s and the factors are those of
 * pycma, Hansen's later ones.
 *
 * @see Hansen, Niederberger, Guzzella, Koumoutsakos (2009), A method for handling uncertainty in evolutionary optimization with an
 * application to feedback control of combustion, IEEE Transactions on Evolutionary Computation 13, 180-197
 */
export class Uncertainty {
  readonly #again: number;
  readonly #most: number;
  readonly #factor: number;
  /** t_eval, a real number: how often a candidate is evaluated. */
  #repeats = 1;
  /** s, smoothed: > 0 when there is too much noise. */
  #measure = 0;

  /** @param most t_max: how often a candidate is evaluated at the most */
  constructor(dimension: number, lambda: number, most: number) {
    this.#again = Math.min(lambda, 2 + Math.floor(lambda / 20));
    this.#most = most;
    this.#factor = 1 + 2 / (dimension + 10); // alpha_t and alpha_sigma
  }

  get plan(): Plan {
    return { repeats: Math.round(this.#repeats), again: this.#again };
  }

  /**
   * Learns from a generation.
   *
   * @param first a value a candidate
   * @param again the second values of the first candidates
   * @returns the factor by which the steps are to be longer
   */
  treat(first: readonly Required<Ranked>[], again: readonly Required<Ranked>[]): number {
    const measure = noiseOf(first, again);
    if (measure === undefined) return 1;
    this.#measure += SPEED * (measure - this.#measure);
    if (this.#measure <= 0) {
      this.#repeats = Math.max(1, this.#repeats * power(this.#factor, -0.25));
      return 1;
    }
    if (this.#repeats >= this.#most) return this.#factor;
    this.#repeats = Math.min(this.#most, this.#repeats * this.#factor);
    return 1;
  }

  save(writer: SnapshotWriter): void {
    writer.numbers([this.#repeats, this.#measure]);
  }

  load(reader: SnapshotReader): void {
    this.#repeats = reader.number('repeats', (value) => value >= 1 && value <= this.#most);
    this.#measure = reader.number('measure of noise', finite);
  }
}

/** The ranks of `first` and `again` among all of them, those with two first values being twice there. */
function ranksOf(first: readonly Required<Ranked>[], again: readonly Required<Ranked>[]): Ranks {
  const lambda = first.length;
  const all = [...first, ...first.map((value, i) => again[i] ?? value)];
  const order = all.map((_, i) => i).toSorted((a, b) => compareRanked(all[a]!, all[b]!));
  const better = new Float64Array(2 * lambda);
  const notWorse = new Float64Array(2 * lambda);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && compareRanked(all[order[from]!]!, all[order[to]!]!) === 0) to++;
    for (let at = from; at < to; at++) {
      better[order[at]!] = from;
      notWorse[order[at]!] = to;
    }
    from = to;
  }
  const changes = first.map((_, i) => {
    const [low, high] = [i, lambda + i].toSorted((a, b) => better[a]! - better[b]!) as [number, number];
    return Math.max(0, better[high]! - notWorse[low]!);
  });
  return { first: better.subarray(0, lambda), again: better.subarray(lambda), changes };
}

interface Ranks {
  /** How many are better than the candidate's first value. */
  readonly first: Float64Array;
  /** How many are better than its second value, which is the first one if it has no other. */
  readonly again: Float64Array;
  /** |Delta|: how many of the others lie between the two. */
  readonly changes: readonly number[];
}

/**
 * s: by how much rank changes exceed what is harmless, on average.
 *
 * Values that are equal are no change, whatever their order. A candidate that failed in one of its evaluations says nothing.
 *
 * @returns nothing when no candidate has two values
 */
export function noiseOf(
  first: readonly Required<Ranked>[],
  again: readonly Required<Ranked>[],
): number | undefined {
  const ranks = ranksOf(first, again);
  const excesses = again.flatMap((value, i) => {
    if (Number.isNaN(value.fx) || Number.isNaN(first[i]!.fx)) return [];
    // Ranks count from 1; without the worse one's other value, which does not take part.
    const from = 1 + ranks.first[i]! - Number(ranks.first[i]! > ranks.again[i]!);
    const to = 1 + ranks.again[i]! - Number(ranks.again[i]! > ranks.first[i]!);
    return [2 * ranks.changes[i]! - harmless(from, first.length) - harmless(to, first.length)];
  });
  if (excesses.length === 0) return undefined;
  return excesses.reduce((sum, excess) => sum + excess, 0) / excesses.length;
}

/** The theta / 2 quantile of |1 - rank|, |2 - rank|, .., |2 lambda - 1 - rank|: the change that chance would rarely stay below. */
function harmless(rank: number, lambda: number): number {
  const distances = Float64Array.from({ length: 2 * lambda - 1 }, (_, i) =>
    Math.abs(i + 1 - rank),
  ).toSorted();
  const at = (THETA / 2) * (distances.length - 1);
  const below = distances[Math.floor(at)]!;
  return below + (at - Math.floor(at)) * (distances[Math.ceil(at)]! - below);
}

/** Ranks by the sum of both ranks; of equals the steadier one first, and then the better one by the mean. */
export function judge(first: readonly Required<Ranked>[], again: readonly Required<Ranked>[]): Outcome {
  // A value that failed once is the other one.
  const known = first.map((value, i) => (Number.isNaN(value.fx) ? (again[i] ?? value) : value));
  const other = again.map((value, i) => (Number.isNaN(value.fx) ? first[i]! : value));
  const values = known.map((value, i) => (i < other.length ? meanOf([value, other[i]!]) : value));
  const ranks = ranksOf(known, other);
  const usual = ranks.changes.slice(0, again.length).reduce((sum, change) => sum + change, 0) / again.length;
  const change = (i: number): number => (i < again.length ? ranks.changes[i]! : usual);
  const sum = (i: number): number => ranks.first[i]! + ranks.again[i]!;
  const order = values
    .map((_, i) => i)
    .toSorted(
      (a, b) =>
        Number(Number.isNaN(values[a]!.fx)) - Number(Number.isNaN(values[b]!.fx)) ||
        sum(a) - sum(b) ||
        change(a) - change(b) ||
        compareRanked(values[a]!, values[b]!),
    );
  return { values, order };
}
