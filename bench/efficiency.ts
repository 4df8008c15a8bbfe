/**
 * Parallel efficiency: a 20-D task that sleeps 50 ms, CMA-ES with population = workers, 400 evaluations a slot, on 16 slots (2 optimizers
 * x 8 workers) and 64 slots (4 x 16). Writes efficiency.md beside this file; `node bench/efficiency.ts 16` runs one size only.
 *
 * steady: 50 ms x evaluations / (slots x time from the first start to the last end); whole: the same over the whole command.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

const SLEEP_MS = 50;
const EVALUATIONS_A_SLOT = 400;
const PAIRS = [
  ['threads', 'inline'],
  ['threads', 'threads'],
  ['processes_forced', 'processes'],
] as const;

const sizes = [
  { slots: 16, optimizers: 2, workers: 8 },
  { slots: 64, optimizers: 4, workers: 16 },
].filter(({ slots }) => process.argv[2] === undefined || Number(process.argv[2]) === slots);

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));

function measure(backend: string, evaluate: string, slots: number, workers: number): string {
  const evaluations = slots * EVALUATIONS_A_SLOT;
  const parameters = Array.from({ length: 20 }, (_, i) => `  - { name: x${i}, min: 0, max: 1 }`).join('\n');
  const config = path.join(folder, 'config.yaml');
  writeFileSync(
    config,
    `task: { module: ${path.join(root, 'bench/tasks/sleeper.js')} }
parameters:
${parameters}
optimizers: [{ cma-es: { workers: ${workers}, populationSize: ${workers}, stagnation: false, evaluate: ${evaluate} } }]
hunters: none
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: ${slots}, backend: ${backend}, seed: 1 }
`,
  );
  const dir = path.join(folder, 'run');
  const begun = performance.now();
  execFileSync(
    process.execPath,
    [path.join(root, 'dist/cli/bin.js'), 'run', config, '--dir', dir, '--overwrite', '--json'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const whole = performance.now() - begun;
  const db = new Database(path.join(dir, 'run.sqlite'), { readonly: true });
  const { first, last, count } = db
    .prepare(
      'SELECT min(started_at) AS first, max(started_at + duration_ms) AS last, count(*) AS count FROM evaluations',
    )
    .get() as { first: number; last: number; count: number };
  const starts = db
    .prepare('SELECT min(started_at) AS at FROM evaluations GROUP BY worker ORDER BY 1')
    .all() as { at: number }[];
  db.close();
  const share = (ms: number): string => ((SLEEP_MS * count) / (slots * ms)).toFixed(3);
  const up = ((starts.at(-1)?.at ?? first) - first).toFixed(0);
  const row = `| ${slots} | ${backend} / ${evaluate} | ${share(last - first)} | ${share(whole)} | ${((whole - (last - first)) / 1000).toFixed(2)} | ${up} |`;
  console.error(row);
  return row;
}

const rows = sizes.flatMap(({ slots, workers }) =>
  PAIRS.map(([backend, evaluate]) => measure(backend, evaluate, slots, workers)),
);
rmSync(folder, { recursive: true });
if (process.argv[2] === undefined)
  writeFileSync(
    path.join(import.meta.dirname, 'efficiency.md'),
    `# Parallel efficiency

Made by \`node bench/efficiency.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
A 20-D task that sleeps ${SLEEP_MS} ms and never converges, CMA-ES with population = workers, ${EVALUATIONS_A_SLOT} evaluations a slot.
Steady: ${SLEEP_MS} ms x evaluations / (slots x time from the first start to the last end). Whole: over the whole command.

| slots | level 1 / level 2 | steady | whole command | seconds before and after | ms from the first worker's first evaluation to the last worker's |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
  );
