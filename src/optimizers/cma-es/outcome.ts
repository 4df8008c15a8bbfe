import { compareRanked, type Ranked } from '../../core/ranking.ts';

/** What a generation has shown. */
export interface Outcome {
  /** One a candidate. */
  readonly values: readonly Required<Ranked>[];
  /** Candidates from the best to the worst. */
  readonly order: readonly number[];
}

/** What values say that are taken for what they are; of equals the first one is the better one. */
export function outcomeOf(values: readonly Required<Ranked>[]): Outcome {
  const order = values.map((_, i) => i).toSorted((a, b) => compareRanked(values[a]!, values[b]!));
  return { values, order };
}

/** A generation is flat when so many of its values, the best ones, are equal: tutorial, appendix C. */
const FLAT_PART = 0.7;

export function isFlat({ values, order }: Outcome): boolean {
  const [best, other] = [order[0]!, order[Math.ceil(FLAT_PART * order.length) - 1]!];
  return compareRanked(values[best]!, values[other]!) === 0;
}

/** What stop criteria look at. */
export interface Spread {
  readonly best: number;
  readonly median: number;
  readonly worst: number;
}

/** @returns nothing when no value is feasible */
export function spreadOf({ values }: Outcome): Spread | undefined {
  const feasible = Float64Array.from(values.filter(isFeasible), ({ fx }) => fx).toSorted();
  if (feasible.length === 0) return undefined;
  return { best: feasible[0]!, median: feasible[(feasible.length - 1) >> 1]!, worst: feasible.at(-1)! };
}

function isFeasible({ fx, violation }: Required<Ranked>): boolean {
  return !Number.isNaN(fx) && violation === 0;
}
