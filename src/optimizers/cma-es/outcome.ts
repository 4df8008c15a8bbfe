import { compareRanked, type Ranked } from '../../core/ranking.ts';

/** What a generation has shown. */
export interface Outcome {
  /** One a candidate. */
  readonly values: readonly Required<Ranked>[];
  /** Candidates from the best to the worst. */
  readonly order: readonly number[];
}

/** So few are sorted fastest by insertion. */
const FEW = 40;

/** What values say that are taken for what they are; of equals the first one is the better one. */
export function outcomeOf(values: readonly Required<Ranked>[]): Outcome {
  if (values.length > FEW)
    return {
      values,
      order: values.map((_, i) => i).toSorted((a, b) => compareRanked(values[a]!, values[b]!)),
    };
  const order: number[] = [];
  for (let i = 0; i < values.length; i++) {
    let rank = i;
    for (; rank > 0 && compareRanked(values[i]!, values[order[rank - 1]!]!) < 0; rank--)
      order[rank] = order[rank - 1]!;
    order[rank] = i;
  }
  return { values, order };
}

/** How many candidates have a value. */
export function validOf({ values }: Outcome): number {
  let valid = 0;
  for (const { fx } of values) if (!Number.isNaN(fx)) valid++;
  return valid;
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
export function spreadOf({ values, order }: Outcome): Spread | undefined {
  const feasible: number[] = [];
  for (const candidate of order) if (isFeasible(values[candidate]!)) feasible.push(values[candidate]!.fx);
  if (feasible.length === 0) return undefined;
  // Where there is noise, their order may have other reasons.
  if (feasible.some((fx, rank) => fx < feasible[rank - 1]!)) feasible.sort((a, b) => (a < b ? -1 : 1));
  return { best: feasible[0]!, median: feasible[(feasible.length - 1) >> 1]!, worst: feasible.at(-1)! };
}

function isFeasible({ fx, violation }: Required<Ranked>): boolean {
  return !Number.isNaN(fx) && violation === 0;
}
