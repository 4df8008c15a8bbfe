import type { Analysis, Section } from './analysis.ts';
import { type Budget, budgetOf } from './bench.ts';
import { compare, type Comparison } from './compare.ts';
import { ERT_TARGETS, expectedRunningTime, type Score } from './results.ts';
import { bootstrapMean, type Interval, mean } from './statistics.ts';
import type { Suite } from './suites/contract.ts';
import { TARGETS } from './targets.ts';

/** Of bootstrap draws: a report of the same results is the same report. */
const SEED = 1;

/** What `glompo bench report --json` prints. */
export interface Report {
  readonly suite: string;
  readonly targets: readonly number[];
  readonly entrants: readonly EntrantFigures[];
  readonly sections: readonly SectionFigures[];
}

interface EntrantFigures {
  readonly name: string;
  readonly about: string;
  readonly isReference: boolean;
  readonly budget: Budget;
  readonly runs: number;
}

export interface SectionFigures {
  /** `null`: all dimensions together. */
  readonly dimension: number | null;
  /** Evaluations that were looked at; `null` when that differs by problem. */
  readonly budget: number | null;
  readonly groups: readonly GroupFigures[];
  readonly runningTimes: readonly RunningTimes[];
  readonly comparisons: readonly (Comparison & { readonly one: string; readonly other: string })[];
}

/** How one entrant did on a group of functions. */
interface GroupFigures {
  readonly group: string;
  readonly entrant: string;
  readonly problems: number;
  readonly share: number;
  readonly shareInterval: Interval;
  readonly area: number;
  readonly areaInterval: Interval;
}

interface RunningTimes {
  readonly function: string;
  readonly entrant: string;
  readonly runs: number;
  /** By target. */
  readonly targets: readonly {
    readonly target: number;
    /** `null`: no run reached it. */
    readonly evaluations: number | null;
    readonly successes: number;
  }[];
}

export function reportOf({ suite, entrants, sections }: Analysis): Report {
  return {
    suite: suite.name,
    targets: TARGETS,
    entrants: entrants.map(({ name, about, isReference, budget, runs }) => ({
      name,
      about,
      isReference,
      budget,
      runs: runs.length,
    })),
    sections: sections.map((section) => figuresOf(suite, section, entrants)),
  };
}

function figuresOf(suite: Suite, section: Section, entrants: Analysis['entrants']): SectionFigures {
  const { dimension } = section;
  const all = { name: 'all', has: () => true };
  const budgets = entrants.map(({ budget }) => budget);
  return {
    dimension,
    budget: dimension === null ? null : Math.min(...budgets.map((budget) => budgetOf(budget, dimension))),
    groups: [all, ...suite.groups].flatMap(({ name: group, has }) =>
      section.entrants.flatMap(({ name, scores }) => {
        const its = scores.filter((score) => has(score.function));
        return its.length > 0 ? [groupOf(group, name, its)] : [];
      }),
    ),
    runningTimes: section.entrants.flatMap(({ name, scores }) => runningTimesOf(name, scores)),
    comparisons: section.entrants.flatMap((one, i) =>
      section.entrants.slice(i + 1).flatMap((other) => {
        const comparison = compare(one.scores, other.scores, SEED);
        return comparison ? [{ one: one.name, other: other.name, ...comparison }] : [];
      }),
    ),
  };
}

function groupOf(group: string, entrant: string, scores: readonly Score[]): GroupFigures {
  const clusters = [...Map.groupBy(scores, (score) => score.function).values()];
  const measure = (of: (score: Score) => number): readonly [number, Interval] => [
    mean(scores.map(of)),
    bootstrapMean(
      clusters.map((its) => its.map(of)),
      SEED,
    ),
  ];
  const [share, shareInterval] = measure((score) => score.share);
  const [area, areaInterval] = measure((score) => score.area);
  return { group, entrant, problems: scores.length, share, shareInterval, area, areaInterval };
}

function runningTimesOf(entrant: string, scores: readonly Score[]): readonly RunningTimes[] {
  return [...Map.groupBy(scores, (score) => score.function)].map(([name, its]) => {
    const runs = its.flatMap((score) => score.runs);
    return {
      function: name,
      entrant,
      runs: runs.length,
      targets: ERT_TARGETS.map((index) => ({
        target: Number(TARGETS[index]!.toPrecision(3)),
        evaluations: expectedRunningTime(runs, index),
        successes: runs.filter(({ hits }) => hits[index] !== null).length,
      })),
    };
  });
}
