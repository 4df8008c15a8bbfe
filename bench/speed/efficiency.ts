import { execFileSync, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { bin } from '../harness/built.ts';
import { root } from '../harness/managed-run.ts';
import { askLog } from '../harness/run-log.ts';

const SLEEP_MS = 50;
const PAIRS = [
  ['threads', 'inline'],
  ['threads', 'threads'],
  ['processes_forced', 'processes'],
] as const;

/** Two optimizers, and four. */
const SIZES = [
  { slots: 16, workers: 8 },
  { slots: 64, workers: 16 },
];

/** A worker that says that it is there, and nothing else: the least that starting one can cost. */
const BARE = {
  threads: `require('node:worker_threads').parentPort.postMessage('ready'); setInterval(() => {}, 1e6);`,
  processes: `process.send('ready'); setInterval(() => {}, 1e6);`,
};

export const efficiency: Benchmark = {
  name: 'efficiency',
  title: 'Parallel efficiency',
  about: `
A 20-D task that sleeps ${SLEEP_MS} ms and never converges, CMA-ES with population = workers: two optimizers of 8 workers, four of 16.

Steady: ${SLEEP_MS} ms x evaluations / (slots x time from the first start to the last end). Whole: over the whole command.
Start-up: from the start of the optimizer hosts to the first evaluation of the last worker (which waits for the first iterations, too), beside
as many bare workers of \`node:worker_threads\` or \`fork\`, which say that they are there.`,
  run: async (bench) => [await shares(bench)],
};

async function shares(bench: Bench): Promise<Table> {
  const evaluationsASlot = bench.isQuick ? 50 : 400;
  const rows: Cell[][] = [];
  for (const { slots, workers } of bench.isQuick ? SIZES.slice(0, 1) : SIZES)
    for (const [backend, evaluate] of PAIRS) {
      const dir = path.join(bench.folder, 'run');
      const wholeMs = commandMs(bench, dir, { slots, workers, backend, evaluate, evaluationsASlot });
      const { count, steadyMs, startUpMs } = timesOf(dir);
      const share = (ms: number): number => (SLEEP_MS * count) / (slots * ms);
      const bareMs = evaluate === 'inline' ? null : await startBare(bench.folder, evaluate, slots);
      rows.push([
        String(slots),
        `${backend} / ${evaluate}`,
        share(steadyMs),
        share(wholeMs),
        (wholeMs - steadyMs) / 1000,
        bareMs && startUpMs,
        bareMs,
        bareMs && startUpMs / bareMs,
      ]);
      bench.say(`${slots} slots, ${backend} / ${evaluate}: ${share(steadyMs).toFixed(3)}`);
    }
  return {
    title: 'What part of the time of all slots was slept',
    columns: [
      { name: 'slots' },
      { name: 'level 1 / level 2' },
      { name: 'steady', better: 'higher' },
      { name: 'whole command', better: 'higher' },
      { name: 'before and after', unit: 's', better: 'lower' },
      { name: 'start-up', unit: 'ms', better: 'lower' },
      { name: 'bare workers', unit: 'ms' },
      { name: 'start-up / bare', better: 'lower' },
    ],
    rows,
    notes: [`${evaluationsASlot} evaluations a slot. With level 2 \`inline\` there are no workers to start.`],
  };
}

interface Run {
  readonly slots: number;
  readonly workers: number;
  readonly backend: string;
  readonly evaluate: string;
  readonly evaluationsASlot: number;
}

/** @returns milliseconds from the start of the command `glompo run` to its end */
function commandMs(
  { folder }: Bench,
  dir: string,
  { slots, workers, backend, evaluate, evaluationsASlot }: Run,
): number {
  const parameters = Array.from({ length: 20 }, (_, i) => `  - { name: x${i}, min: 0, max: 1 }`).join('\n');
  const config = path.join(folder, 'config.yaml');
  writeFileSync(
    config,
    `task: { module: ${path.join(root, 'bench/tasks/sleeper.js')} }
parameters:
${parameters}
optimizers: [{ cma-es: { workers: ${workers}, populationSize: ${workers}, stagnation: false, evaluate: ${evaluate} } }]
hunters: none
stop: { max-evaluations: ${slots * evaluationsASlot} }
manager: { maxJobs: ${slots}, backend: ${backend}, seed: 1 }
`,
  );
  const begun = performance.now();
  execFileSync(process.execPath, [bin, 'run', config, '--dir', dir, '--overwrite', '--no-report', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return performance.now() - begun;
}

/** What the log of the run says of its times. */
function timesOf(dir: string): {
  readonly count: number;
  readonly steadyMs: number;
  readonly startUpMs: number;
} {
  return askLog(dir, (db) => {
    const { first, last, count } = db
      .prepare<[], { first: number; last: number; count: number }>(
        'SELECT min(started_at) AS first, max(started_at + duration_ms) AS last, count(*) AS count FROM evaluations',
      )
      .get()!;
    const launched = db
      .prepare<[], number>(`SELECT at FROM events WHERE type = 'run-started'`)
      .pluck()
      .get()!;
    const ready = db
      .prepare<[], number>(
        'SELECT max(at) FROM (SELECT min(started_at) AS at FROM evaluations GROUP BY worker)',
      )
      .pluck()
      .get()!;
    return { count, steadyMs: last - first, startUpMs: ready - launched };
  });
}

/** @returns milliseconds until the last of so many bare workers was ready */
async function startBare(folder: string, kind: keyof typeof BARE, count: number): Promise<number> {
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
