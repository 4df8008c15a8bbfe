import { CodedError } from '../core/errors.ts';
import { BenchLog } from '../log/bench-log.ts';
import { type Budget, budgetOf } from './bench.ts';
import { readReference } from './reference.ts';
import { type Entrant, type Score, score, type Solved } from './results.ts';
import { findSuite } from './suites.ts';
import type { Suite } from './suites/contract.ts';

/** Runs that are looked at together: those of a dimension, or all. */
export interface Section {
  /** `null`: all. */
  readonly dimension: number | null;
  readonly entrants: readonly { readonly name: string; readonly scores: readonly Score[] }[];
}

export interface Analysis {
  readonly suite: Suite;
  readonly entrants: readonly Entrant[];
  readonly sections: readonly Section[];
}

/**
 * Reads what is to be reported.
 *
 * @param directory of a bench; nothing for references alone
 * @throws {CodedError} `log-unusable`, `usage`
 */
export function analyse(directory: string | undefined, references: readonly string[]): Analysis {
  const read = references.map(readReference);
  const own = directory === undefined ? undefined : readBench(directory);
  const suite = own?.suite ?? read[0]?.suite;
  if (suite === undefined)
    throw new CodedError('usage', 'expected the directory of a bench, --reference FILE, or both');
  const other = read.find((reference) => reference.suite !== suite);
  if (other)
    throw new CodedError(
      'usage',
      `the reference ${other.name} is of the suite ${other.suite}, not of ${suite}`,
    );
  const entrants = distinct(own ? [...own.entrants, ...onProblemsOf(own.entrants, read)] : read);
  const found = findSuite(suite);
  return { suite: found, entrants, sections: sectionsOf(found, entrants) };
}

function readBench(directory: string): { readonly suite: string; readonly entrants: readonly Entrant[] } {
  using log = new BenchLog(directory, 'read');
  const { suite, budget } = log.facts();
  const runs = Map.groupBy(log.runs(), ({ configuration }) => configuration);
  const entrants = log.configurations().flatMap(({ configuration, name, glompo }) => {
    const its = runs.get(configuration);
    const about = `configuration ${configuration}, glompo ${glompo}`;
    return its ? [{ name, about, isReference: false, budget: budget as Budget, runs: its }] : [];
  });
  if (typeof suite !== 'string' || entrants.length === 0)
    throw new CodedError('usage', `${directory} holds no results yet`);
  return { suite, entrants };
}

/** Of others' results what is on problems that the bench has so far: all else would compare different things. */
function onProblemsOf(own: readonly Entrant[], references: readonly Entrant[]): readonly Entrant[] {
  const has = new Set(own.flatMap(({ runs }) => runs.map(problemOf)));
  return references.map((reference) => ({
    ...reference,
    runs: reference.runs.filter((run) => has.has(problemOf(run))),
  }));
}

function problemOf({ function: name, dimension, instance }: Solved): string {
  return `${name}/${dimension}/${instance}`;
}

/** A configuration that was changed between two calls is there twice, under one name. */
function distinct(entrants: readonly Entrant[]): readonly Entrant[] {
  const seen = new Map<string, number>();
  return entrants.map((entrant) => {
    const count = (seen.get(entrant.name) ?? 0) + 1;
    seen.set(entrant.name, count);
    return count === 1 ? entrant : { ...entrant, name: `${entrant.name} (${count})` };
  });
}

function sectionsOf(suite: Suite, entrants: readonly Entrant[]): readonly Section[] {
  const all = entrants.flatMap(({ runs }) => runs.map(({ dimension }) => dimension));
  const dimensions = [...new Set(all)].toSorted((a, b) => a - b);
  return (suite.isByDimension ? dimensions : [null]).map((dimension) => ({
    dimension,
    entrants: entrants.flatMap(({ name, runs }) => {
      const its = runs.filter((run) => dimension === null || run.dimension === dimension);
      return its.length > 0 ? [{ name, scores: scoresOf(its, entrants) }] : [];
    }),
  }));
}

/** By problem, up to the least budget that an entrant had on it: beyond, nothing could be compared. */
function scoresOf(runs: readonly Solved[], entrants: readonly Entrant[]): readonly Score[] {
  const byProblem = Map.groupBy(runs, problemOf);
  return [...byProblem.values()].map((its) => {
    const { dimension } = its[0]!;
    return score(its, Math.min(...entrants.map(({ budget }) => budgetOf(budget, dimension))));
  });
}
