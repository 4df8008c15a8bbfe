/**
 * What a command costs that is started for each evaluation: `npm run build`, then `node bench/commands.ts` writes bench/commands.md.
 *
 * 1. Overhead: whole runs of `echo` with one optimizer, the time from one start to the next, against execa alone starting the same program,
 *    turn and turn about.
 * 2. Efficiency: 64 commands at once that sleep a second: what part of the time of 64 slots they slept.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { execa } from 'execa';
import { GloMPOManager } from '../dist/index.js';

const ROUNDS = 5;
const EVALUATIONS = 300;
const SLEEPERS = 64;
const SLEEPS = 20;

const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

interface Row {
  readonly start: number;
  readonly duration: number;
}

async function rowsOf(
  command: readonly string[],
  backend: string,
  workers: number,
  evaluations: number,
): Promise<readonly Row[]> {
  const dir = path.join(folder, 'run');
  await using manager = new GloMPOManager({
    task: { command },
    parameters: [{ name: 'a', min: 0, max: 1 }],
    optimizers: [{ random: { workers } }],
    hunters: 'none',
    stop: { 'max-evaluations': evaluations },
    manager: { backend: backend as 'inline', maxJobs: workers, seed: 1 },
    dir,
    overwrite: true,
  });
  await manager.start();
  const db = new Database(path.join(dir, 'run.sqlite'), { readonly: true });
  const rows = db
    .prepare<[], Row>(
      'SELECT started_at AS start, duration_ms AS duration FROM evaluations ORDER BY started_at',
    )
    .all();
  db.close();
  return rows;
}

async function bare(): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < EVALUATIONS; i++) await execa('/bin/echo', ['0.5'], { reject: false });
  return (performance.now() - begun) / EVALUATIONS;
}

async function managed(backend: string): Promise<number> {
  const rows = await rowsOf(['/bin/echo', '{a}'], backend, 1, EVALUATIONS);
  return mean(rows.slice(1).map(({ start }, i) => start - rows[i]!.start));
}

const backends = ['processes', 'threads', 'inline'];
const costs = new Map<string, number[]>(['execa alone', ...backends].map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  costs.get('execa alone')!.push(await bare());
  for (const backend of backends) costs.get(backend)!.push(await managed(backend));
}
const alone = costs.get('execa alone')!;
const lines = [...costs].map(([name, times]) => {
  const ratios = times.map((time, round) => time / alone[round]!);
  return `| ${name} | ${median(times).toFixed(2)} | ${median(ratios).toFixed(2)} |`;
});

const sleeps = await rowsOf(['/bin/sh', '-c', 'sleep 1; echo {a}'], 'processes', SLEEPERS, SLEEPERS * SLEEPS);
const end = Math.max(...sleeps.map(({ start, duration }) => start + duration));
const efficiency = (1000 * sleeps.length) / (SLEEPERS * (end - sleeps[0]!.start));

const page = `# What a command costs that is started for each evaluation

Made by \`node bench/commands.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.

## Overhead

Whole runs of \`echo\`, every evaluation logged, one at a time: milliseconds from one start to the next, and their ratio to execa alone starting the same
program in the same round; medians of ${ROUNDS} rounds of ${EVALUATIONS} (at most 1.5 is asked of \`processes\`, the default for commands).

| | ms an evaluation | ratio |
| --- | --- | --- |
${lines.join('\n')}

In \`threads\` and \`inline\` each program is put into a pid namespace of its own by \`setpriv\`, \`sh\` and \`unshare\`; in \`processes\` that of its optimizer's host
contains it, and nothing stands between.

## Efficiency

${SLEEPERS} commands at once, \`sh -c 'sleep 1; echo'\`, ${sleeps.length} of them, by one optimizer in a process, from the first start to the last end: **${efficiency.toFixed(3)}** of the slots' time was slept (at least
0.93 is asked). A command took ${median(sleeps.map(({ duration }) => duration)).toFixed(0)} ms, median, of which 1,000 are its sleep.
`;
console.log(page);
writeFileSync(path.join(import.meta.dirname, 'commands.md'), page);
rmSync(folder, { recursive: true });
