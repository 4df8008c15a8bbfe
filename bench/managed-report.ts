/** The report of `bench/managed.ts`. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { bootstrapMean, holm, type Interval, mean, wilcoxon } from '../src/bench/statistics.ts';
import { DEFAULTS } from '../src/config/defaults.ts';
import { type Arm, ARMS, BUDGETS } from './managed-worker.ts';

/** One arm on one problem with one seed, up to one budget. */
interface Result {
  readonly best: number;
  /** Under the distribution of targets over log evaluations, as a part of what there could be. */
  readonly area: number;
}

/** All arms of a problem with a seed. */
interface Match {
  readonly function: string;
  readonly arms: Readonly<Record<Arm, Result>>;
}

const CONTRASTS: readonly (readonly [Arm, Arm, string])[] = [
  ['M', 'U', 'restarting'],
  ['M', 'R', 'choosing victims well'],
  ['PM', 'P', 'hunting in the portfolio'],
  ['PM', 'B', 'the default against one BIPOP-CMA-ES'],
];

/** What the default is: it may not be changed after it was tested. */
export function frozenHash(): string {
  const what = { portfolio: DEFAULTS.portfolio(false), hunters: DEFAULTS.hunters(1) };
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
}

export function writeReport(db: Database.Database): void {
  const sections = db
    .prepare<[], { suite: string; dimension: number | null; title: string }>(
      `SELECT DISTINCT suite, CASE suite WHEN 'ma-bbob' THEN dimension END AS dimension,
         CASE suite WHEN 'ma-bbob' THEN 'MA-BBOB in ' || dimension || '-D' ELSE 'Lennard-Jones, 8 to 20 atoms' END AS title
       FROM runs ORDER BY suite DESC, dimension`,
    )
    .all();
  const parts = BUDGETS.flatMap((budget, i) => {
    const matches = sections.map((section) => ({ ...section, matches: matchesOf(db, section, i) }));
    const filled = matches.filter((one) => one.matches.length > 0);
    if (filled.length === 0) return [];
    const all = { title: 'all', matches: filled.flatMap((one) => one.matches) };
    return [
      `## ${budget.toLocaleString('en')} n evaluations`,
      armsTable([...filled, all]),
      contrastTable([...filled, all]),
    ];
  });
  writeFileSync(
    path.join(import.meta.dirname, 'managed.md'),
    `# Does managing help?

Written by \`node bench/managed.ts\`; do not edit. The default that was tested: \`${frozenHash()}\`, tuned on the classic functions, shifted, rotated and offset.
A first version was tested on MA-BBOB 101-200 and wasted evaluations on descents where functions are rough; that these end by themselves (\`roughness\`, its threshold chosen on the classics and BBOB) came
afterwards, and these rows are on functions that nothing was tried on.

| arm | |
| --- | --- |
| U | CMA-ES to convergence, then another from a random start |
| M | the same with the default hunters |
| R | the same with as many kills at the same times, of victims drawn at random |
| B | one CMA-ES with BIPOP restarts |
| P | the default portfolio without hunters |
| PM | the default |

U, M and R have four slots, the others one. The optimizer that is started as number i has the same start and seed in U, M and R, and in P and PM. All evaluations of all optimizers count; a run ends at 1e-8 from
the optimum. A is how often the first is better plus half of how often they are alike: both within 1e-8 of the optimum, or their best values within 1e-6 of each other, relative. Area: under the
distribution of 51 targets from 1e2 to 1e-8 over log evaluations up to the budget. Intervals: 95 %, bootstrap over functions. Functions better and worse: by Wilcoxon's signed-rank test of the areas over
seeds, corrected by Holm; it takes 6 seeds for one function and more for many.

${parts.join('\n\n')}
`,
  );
}

interface Row {
  readonly function: string;
  readonly dimension: number;
  readonly seed: number;
  readonly arm: Arm;
  readonly bests: string;
  readonly hits: string;
}

function matchesOf(
  db: Database.Database,
  { suite, dimension }: { readonly suite: string; readonly dimension: number | null },
  budget: number,
): readonly Match[] {
  const rows = db
    .prepare<[string, number | null, number], Row>(
      `SELECT function, dimension, seed, arm, bests, hits FROM runs
       WHERE suite = ? AND dimension = coalesce(?, dimension) AND json_array_length(bests) > ?`,
    )
    .all(suite, dimension, budget);
  const groups = Map.groupBy(rows, (row) => `${row.function}/${row.dimension}/${row.seed}`);
  return [...groups.values()].flatMap((its): readonly Match[] => {
    if (its.length < ARMS.length) return [];
    const { function: name, dimension: n } = its[0]!;
    const arms = its.map((row) => {
      const bests = JSON.parse(row.bests) as readonly (number | null)[];
      const hits = JSON.parse(row.hits) as readonly (number | null)[];
      return [
        row.arm,
        { best: bests[budget] ?? Infinity, area: areaOf(hits, BUDGETS[budget]! * n) },
      ] as const;
    });
    return [{ function: `${suite}/${name}/${n}`, arms: Object.fromEntries(arms) as Match['arms'] }];
  });
}

function areaOf(hits: readonly (number | null)[], budget: number): number {
  return mean(hits.map((hit) => (hit !== null && hit <= budget ? 1 - Math.log(hit) / Math.log(budget) : 0)));
}

function score(a: number, b: number): number {
  if (Math.max(a, b) <= 1e-8 || Math.abs(a - b) <= 1e-6 * Math.max(a, b)) return 0.5;
  return a < b ? 1 : 0;
}

interface Section {
  readonly title: string;
  readonly matches: readonly Match[];
}

function armsTable(sections: readonly Section[]): string {
  return [
    `| area | runs | ${ARMS.join(' | ')} |`,
    `| --- | ---: | ${ARMS.map(() => '---:').join(' | ')} |`,
    ...sections.map(
      ({ title, matches }) =>
        `| ${title} | ${matches.length} | ${ARMS.map((arm) => mean(matches.map(({ arms }) => arms[arm].area)).toFixed(3)).join(' | ')} |`,
    ),
  ].join('\n');
}

function contrastTable(sections: readonly Section[]): string {
  const lines = CONTRASTS.flatMap(([one, other, about]) =>
    sections.map(({ title, matches }) => {
      const scores = matches.map(({ arms }) => score(arms[one].best, arms[other].best));
      const areas = matches.map(({ arms }) => arms[one].area - arms[other].area);
      const [better, alike, worse] = [1, 0.5, 0].map((value) =>
        share(scores.filter((s) => s === value).length / scores.length),
      );
      const tests = [...Map.groupBy(matches.keys(), (i) => matches[i]!.function)].map(([, its]) => {
        const differences = [...its].map((i) => areas[i]!);
        return { difference: mean(differences), p: wilcoxon(differences) };
      });
      const corrected = holm(tests.map(({ p }) => p));
      const [up, down] = [1, -1].map(
        (sign) => tests.filter(({ difference }, i) => sign * difference > 0 && corrected[i]! < 0.05).length,
      );
      const a = `${share(mean(scores))} ${interval(scores, matches, share)}`;
      const area = `${signed(mean(areas))} ${interval(areas, matches, signed)}`;
      return `| ${one}-${other}, ${about} | ${title} | ${better} / ${alike} / ${worse} | ${a} | ${area} | ${up} / ${down} of ${tests.length} |`;
    }),
  );
  return [
    '| contrast | problems | better / alike / worse | A | difference of areas | functions better / worse |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function interval(
  values: readonly number[],
  matches: readonly Match[],
  write: (value: number) => string,
): string {
  const clusters = [...Map.groupBy(matches.keys(), (i) => matches[i]!.function).values()].map((its) =>
    [...its].map((i) => values[i]!),
  );
  const [low, high]: Interval = bootstrapMean(clusters, 1);
  return `[${write(low)}, ${write(high)}]`;
}

function share(value: number): string {
  return value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
}
