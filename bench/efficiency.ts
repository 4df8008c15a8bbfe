/**
 * Parallel efficiency: a 20-D task that sleeps 50 ms, CMA-ES with population = workers, 400 evaluations a slot, on 16 slots (2 optimizers
 * x 8 workers) and 64 slots (4 x 16). Writes efficiency.md beside this file; `node bench/efficiency.ts 16` runs one size only.
 *
 * steady: 50 ms x evaluations / (slots x time from the first start to the last end); whole: the same over the whole command.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
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

/** A worker that says that it is there, and nothing else: the least that starting one can cost. */
const BARE = {
  threads: `require('node:worker_threads').parentPort.postMessage('ready'); setInterval(() => {}, 1e6);`,
  processes: `process.send('ready'); setInterval(() => {}, 1e6);`,
};

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));

/** @returns milliseconds until the last of so many bare workers was ready */
async function startBare(kind: keyof typeof BARE, count: number): Promise<number> {
  const file = path.join(folder, `${kind}.cjs`);
  writeFileSync(file, BARE[kind]);
  const begun = performance.now();
  const workers = Array.from({ length: count }, () =>
    kind === 'threads' ? new Worker(file) : fork(file, { serialization: 'advanced' }),
  );
  await Promise.all(workers.map((worker) => new Promise((ready) => worker.once('message', ready))));
  const took = performance.now() - begun;
  for (const worker of workers) void (worker instanceof Worker ? worker.terminate() : worker.kill('SIGKILL'));
  return took;
}

async function measure(backend: string, evaluate: string, slots: number, workers: number): Promise<string> {
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
  const { at: launched } = db.prepare(`SELECT at FROM events WHERE type = 'run-started'`).get() as {
    at: number;
  };
  const { at: ready } = db
    .prepare('SELECT max(at) AS at FROM (SELECT min(started_at) AS at FROM evaluations GROUP BY worker)')
    .get() as { at: number };
  db.close();
  const share = (ms: number): string => ((SLEEP_MS * count) / (slots * ms)).toFixed(3);
  let startUp = '';
  if (evaluate !== 'inline') {
    const bare = await startBare(evaluate as keyof typeof BARE, slots);
    startUp = `${(ready - launched).toFixed(0)} / ${bare.toFixed(0)} = ${((ready - launched) / bare).toFixed(2)}`;
  }
  const row = `| ${slots} | ${backend} / ${evaluate} | ${share(last - first)} | ${share(whole)} | ${((whole - (last - first)) / 1000).toFixed(2)} | ${startUp} |`;
  console.error(row);
  return row;
}

const rows: string[] = [];
for (const { slots, workers } of sizes)
  for (const [backend, evaluate] of PAIRS) rows.push(await measure(backend, evaluate, slots, workers));
rmSync(folder, { recursive: true });
if (process.argv[2] === undefined)
  writeFileSync(
    path.join(import.meta.dirname, 'efficiency.md'),
    `# Parallel efficiency

Made by \`node bench/efficiency.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
A 20-D task that sleeps ${SLEEP_MS} ms and never converges, CMA-ES with population = workers, ${EVALUATIONS_A_SLOT} evaluations a slot.
Steady: ${SLEEP_MS} ms x evaluations / (slots x time from the first start to the last end). Whole: over the whole command.
Start-up: from the start of the optimizer hosts to the first evaluation of the last worker (which waits for the first iterations, too), beside
as many bare workers of \`node:worker_threads\` or \`fork\`, which say that they are there.

| slots | level 1 / level 2 | steady | whole command | seconds before and after | start-up, ms |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
  );
