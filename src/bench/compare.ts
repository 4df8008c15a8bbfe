import type { Score } from './results.ts';
import { bootstrapMean, holm, type Interval, mean, wilcoxon } from './statistics.ts';

/** How often one is better than another, ties counted half: 0.5 for equals. */
interface Superiority {
  readonly value: number;
  readonly interval: Interval;
}

/** Two entrants on the problems that both have. */
export interface Comparison {
  readonly problems: number;
  /** By the area, which counts how far and how fast. */
  readonly byArea: Superiority;
  /** By the targets that were reached in the end. */
  readonly byShare: Superiority;
  /** The area of the first less that of the second. */
  readonly areaDifference: Superiority;
  readonly functions: readonly FunctionComparison[];
}

interface FunctionComparison {
  readonly function: string;
  readonly instances: number;
  /** The mean difference of areas. */
  readonly difference: number;
  /** Wilcoxon's signed-rank test over the instances' areas, and the same corrected by Holm for the number of functions. */
  readonly p: number;
  readonly pHolm: number;
}

interface Pair {
  readonly function: string;
  readonly one: Score;
  readonly other: Score;
}

/** @returns nothing when they have no problem in common */
export function compare(
  ones: readonly Score[],
  others: readonly Score[],
  seed: number,
): Comparison | undefined {
  const known = new Map(others.map((score) => [keyOf(score), score]));
  const pairs = ones.flatMap((one): readonly Pair[] => {
    const other = known.get(keyOf(one));
    return other ? [{ function: one.function, one, other }] : [];
  });
  if (pairs.length === 0) return undefined;
  const byFunction = [...Map.groupBy(pairs, (pair) => pair.function)];
  const measure = (of: (pair: Pair) => number): Superiority => ({
    value: mean(pairs.map(of)),
    interval: bootstrapMean(
      byFunction.map(([, its]) => its.map(of)),
      seed,
    ),
  });
  const tests = byFunction.map(([name, its]) => {
    const differences = its.map(({ one, other }) => one.area - other.area);
    return {
      function: name,
      instances: its.length,
      difference: mean(differences),
      p: wilcoxon(differences),
    };
  });
  const corrected = holm(tests.map(({ p }) => p));
  return {
    problems: pairs.length,
    byArea: measure(({ one, other }) => better(one.area, other.area)),
    byShare: measure(({ one, other }) => better(one.share, other.share)),
    areaDifference: measure(({ one, other }) => one.area - other.area),
    functions: tests.map((test, i) => ({ ...test, pHolm: corrected[i]! })),
  };
}

function keyOf({ function: name, instance }: Score): string {
  return `${name}/${instance}`;
}

function better(one: number, other: number): number {
  return one > other ? 1 : one === other ? 0.5 : 0;
}
