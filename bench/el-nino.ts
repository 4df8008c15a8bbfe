/**
 * How often the El Niño fit is solved within the same number of evaluations, by glompo and by others: `npm run build`, then
 * `node bench/el-nino.ts [SEEDS]` writes bench/el-nino.md. Needs Python with SciPy and, for its row, Optuna (Debian's python3-scipy and
 * python3-optuna); a method that is not there has no row.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { GloMPOManager } from '../dist/index.js';

const root = path.resolve(import.meta.dirname, '..');
const SEEDS = Number(process.argv[2] ?? 20);
const EVALUATIONS = 30_000;
/** Its time grows with the square of the number of trials: 2,000 take 400 s, and 30,000 would take a day. */
const OPTUNA = { evaluations: 1000, seeds: Math.min(3, SEEDS) };
const TARGET = { target: 788.53979, tolerance: 1e-4 };

interface Result {
  readonly solvedAt: number | null;
  readonly best: number;
  readonly seconds: number;
}

interface Row {
  readonly name: string;
  readonly results: readonly Result[];
  readonly note?: string;
}

const folder = mkdtempSync(path.join(tmpdir(), 'glompo-el-nino-'));
const { parameters } = parse(readFileSync(path.join(root, 'configs/quickstart.yaml'), 'utf8')) as {
  readonly parameters: readonly object[];
};

/** One run of glompo for each seed, on the benchmark, whose residuals and values are those of the Python function. */
async function ours(name: string, config: Readonly<Record<string, unknown>>): Promise<Row> {
  const results: Result[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const begun = performance.now();
    await using manager = new GloMPOManager({
      ...config,
      parameters,
      stop: { any: [{ 'max-evaluations': EVALUATIONS }, { 'target-value': TARGET }] },
      manager: { seed, reproducible: true, backend: 'inline', maxJobs: 2 },
      dir: path.join(folder, 'run'),
      overwrite: true,
    } as never);
    const { fx, evaluations } = await manager.start();
    const best = fx ?? Infinity;
    const isSolved = best <= TARGET.target + TARGET.tolerance;
    results.push({
      solvedAt: isSolved ? evaluations : null,
      best,
      seconds: (performance.now() - begun) / 1000,
    });
  }
  return { name, results };
}

function theirs(name: string, method: string, evaluations = EVALUATIONS, seeds = SEEDS): Row | undefined {
  const numbers = Array.from({ length: seeds }, (_, i) => String(i + 1));
  const script = path.join(root, 'bench/peers/el_nino.py');
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { status, stdout } = spawnSync(python, [script, method, String(evaluations), ...numbers], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (status === 0)
      return {
        name,
        results: stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Result),
      };
  }
  console.error(`no row for ${name}: it is not installed`);
  return undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function rowText({ name, results, note = '' }: Row): string {
  const solved = results.flatMap(({ solvedAt }) => (solvedAt === null ? [] : [solvedAt]));
  const cells = [
    name,
    `${solved.length} of ${results.length}`,
    solved.length > 0 ? Math.round(mean(solved)).toLocaleString('en') : '–',
    median(results.map(({ best }) => best)).toFixed(2),
    mean(results.map(({ seconds }) => seconds)).toFixed(1),
    note,
  ];
  return `| ${cells.join(' | ')} |`;
}

const NIST = { benchmark: 'nist', problem: 'ENSO' };
const told = 'told residuals';
const values = 'told values alone';
const rows: readonly (Row | undefined)[] = [
  { ...(await ours('glompo, default', { task: NIST })), note: told },
  { ...(await ours('glompo, default', { task: { ...NIST, returns: 'value' } })), note: values },
  {
    ...(await ours('CMA-ES with BIPOP restarts', {
      task: { ...NIST, returns: 'value' },
      optimizers: [{ 'cma-es': { spawns: 'bipop' } }],
      hunters: 'none',
    })),
    note: `${values}; glompo's own, unmanaged`,
  },
  withNote(theirs('SciPy differential_evolution', 'differential_evolution'), values),
  withNote(theirs('SciPy dual_annealing', 'dual_annealing'), values),
  withNote(theirs('SciPy least_squares, multistart', 'least_squares'), told),
  withNote(
    theirs('Optuna, TPE', 'optuna', OPTUNA.evaluations, OPTUNA.seeds),
    `${values}; ${OPTUNA.evaluations.toLocaleString('en')} evaluations, as its time grows with their square`,
  ),
];

function withNote(row: Row | undefined, note: string): Row | undefined {
  return row && { ...row, note };
}

const table = [
  '| method | solved | evaluations, mean of those | best value, median | seconds a run | |',
  '| --- | --- | --- | --- | --- | --- |',
  ...rows.filter((row) => row !== undefined).map(rowText),
].join('\n');
console.log(table);
const version = (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string })
  .version;
writeFileSync(
  path.join(root, 'bench/el-nino.md'),
  `# The El Niño fit, by glompo and by others

Seeds solved (the certified minimum, 788.53979, within 1e-4) within ${EVALUATIONS.toLocaleString('en')} evaluations each, in the same box; SciPy and
Optuna as Debian has them, with their defaults. Written by \`node bench/el-nino.ts\` (glompo ${version}, ${new Date().toISOString().slice(0, 10)}).

${table}

A run ends when it has solved it. Seconds are of one process, the functions of Python and JavaScript cost 100 and 10 µs:
they say what a method itself costs, no more.
`,
);
rmSync(folder, { recursive: true });
