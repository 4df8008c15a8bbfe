import type { Budget } from './bench.ts';

/** Somebody whose results are looked at: a configuration, or what a reference file holds. */
export interface Entrant {
  readonly name: string;
  /** In one line. */
  readonly about: string;
  readonly isReference: boolean;
  readonly budget: Budget;
  readonly runs: readonly Solved[];
}

/** One run of an entrant. */
export interface Solved {
  readonly function: string;
  readonly dimension: number;
  readonly instance: number;
  readonly evaluations: number;
  /** By target: the evaluation that first reached it. */
  readonly hits: readonly (number | null)[];
}

/** All runs of an entrant on one problem, cut off at a budget that all entrants have. */
export interface Score {
  readonly function: string;
  readonly instance: number;
  readonly budget: number;
  readonly runs: readonly Solved[];
  /** Of all pairs of a target and a run, the share that was reached. */
  readonly share: number;
  /** The area under their distribution over log evaluations, from 1 to the budget, as a part of what there could be. */
  readonly area: number;
}

/** What a run had reached after so many evaluations. */
function cutAt({ hits, evaluations, ...key }: Solved, budget: number): Solved {
  return {
    ...key,
    evaluations: Math.min(evaluations, budget),
    hits: hits.map((hit) => (hit !== null && hit <= budget ? hit : null)),
  };
}

/** @param runs on one problem, one or more */
export function score(runs: readonly Solved[], budget: number): Score {
  const cut = runs.map((run) => cutAt(run, budget));
  const { function: name, instance } = cut[0]!;
  let reached = 0;
  let area = 0;
  let pairs = 0;
  for (const { hits } of cut)
    for (const hit of hits) {
      pairs++;
      if (hit === null) continue;
      reached++;
      area += gainOf(hit, budget);
    }
  return { function: name, instance, budget, runs: cut, share: reached / pairs, area: area / pairs };
}

/** What a target that is reached adds to the area: 1 at the first evaluation, 0 at the last. */
function gainOf(hit: number, budget: number): number {
  return budget > 1 ? 1 - Math.log(hit) / Math.log(budget) : 1;
}

/** For which targets expected running times are told, by their place among all: 10, 1, 0.1, 10^-2, 10^-3, 10^-5, 10^-7, as COCO has them. */
export const ERT_TARGETS = [5, 10, 15, 20, 25, 35, 45] as const;

/**
 * The expected running time: evaluations of all runs until they reached the target, by the number of those that did.
 *
 * @returns null when none did
 * @see Hansen, Auger, Ros, Finck, Pošík (2010), Comparing results of 31 algorithms from BBOB-2009, GECCO Companion, section 2
 */
export function expectedRunningTime(runs: readonly Solved[], target: number): number | null {
  const spent = runs.reduce((sum, { hits, evaluations }) => sum + (hits[target] ?? evaluations), 0);
  const successes = runs.filter(({ hits }) => hits[target] !== null).length;
  return successes === 0 ? null : spent / successes;
}
