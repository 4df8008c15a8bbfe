import type { Report, SectionFigures } from './report.ts';
import type { Interval } from './statistics.ts';

/** A table for people, as texts: the same on a terminal and in a page. */
export interface TextTable {
  readonly title: string;
  readonly head: readonly string[];
  /** The first columns are names, as many as there are in the head without a figure. */
  readonly rows: readonly (readonly string[])[];
}

/** @param withRunningTimes by function, which is long */
export function tablesOf(section: SectionFigures, withRunningTimes: boolean): readonly TextTable[] {
  return [
    groupsTable(section),
    ...(withRunningTimes ? [runningTimesTable(section)] : []),
    ...(section.comparisons.length > 0 ? [comparisonsTable(section)] : []),
  ];
}

export function headingOf({ suite }: Pick<Report, 'suite'>, { dimension, budget }: SectionFigures): string {
  const where = dimension === null ? 'all dimensions' : `${dimension}-D`;
  return `${suite}, ${where}${budget === null ? '' : `, ${budget} evaluations`}`;
}

/** Who is compared, a line each. */
export function entrantLines({ entrants }: Report): readonly string[] {
  return entrants.map(({ name, about, runs }) => `${name}: ${runs} runs; ${about}`);
}

function groupsTable({ groups }: SectionFigures): TextTable {
  return {
    title: 'targets reached, and area under their distribution over log evaluations (95 % intervals)',
    head: ['functions', 'who', 'problems', 'reached', '', 'area', ''],
    rows: groups.map(({ group, entrant, problems, share, shareInterval, area, areaInterval }) => [
      group,
      entrant,
      String(problems),
      share.toFixed(3),
      between(shareInterval),
      area.toFixed(3),
      between(areaInterval),
    ]),
  };
}

function runningTimesTable({ runningTimes }: SectionFigures): TextTable {
  return {
    title: 'expected running time by target, in evaluations (runs that reached it)',
    head: [
      'function',
      'who',
      'runs',
      ...(runningTimes[0]?.targets.map(({ target }) => String(target)) ?? []),
    ],
    rows: runningTimes.map(({ function: name, entrant, runs, targets }) => [
      name,
      entrant,
      String(runs),
      ...targets.map(({ evaluations, successes }) =>
        evaluations === null ? '-' : `${Number(evaluations.toPrecision(3))} (${successes})`,
      ),
    ]),
  };
}

function comparisonsTable({ comparisons }: SectionFigures): TextTable {
  return {
    title: 'how often the first is better, ties half: 0.5 for equals (95 % intervals)',
    head: ['first', 'second', 'problems', 'by area', '', 'by targets', '', 'functions better', 'worse'],
    rows: comparisons.map(({ one, other, problems, byArea, byShare, functions }) => {
      const clear = functions.filter(({ pHolm }) => pHolm < 0.05);
      return [
        one,
        other,
        String(problems),
        byArea.value.toFixed(3),
        between(byArea.interval),
        byShare.value.toFixed(3),
        between(byShare.interval),
        String(clear.filter(({ difference }) => difference > 0).length),
        String(clear.filter(({ difference }) => difference < 0).length),
      ];
    }),
  };
}

function between([low, high]: Interval): string {
  return `${low.toFixed(3)}-${high.toFixed(3)}`;
}

/** Columns under each other. */
export function formatTable({ title, head, rows }: TextTable): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [title, ...[head, ...rows].map((row) => `  ${line(row)}`)].join('\n');
}
