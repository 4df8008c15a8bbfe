/**
 * What an evaluation costs besides the task: a 20-D task that does nothing, one random optimizer with 2 workers, for each pair of levels,
 * every evaluation committed; and the latency of a single evaluation in a pool thread beside bare piscina's. Writes overhead.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Piscina } from 'piscina';
import { createEvaluator } from '../src/backends/evaluators/registry.ts';
import { printOwn } from '../src/backends/hosts/output.ts';
import { resolveConfig } from '../src/config/resolve.ts';
import { systemClock } from '../src/core/clock.ts';
import { GloMPOManager } from '../src/manager/manager.ts';

const EVALUATIONS = 300_000;
const REPEATS = 2;
const SINGLE_CALLS = 2000;
const PAIRS = [
  ['inline', 'inline'],
  ['threads', 'inline'],
  ['processes', 'inline'],
  ['threads', 'threads'],
  ['threads', 'processes'],
  ['processes', 'threads'],
  ['processes_forced', 'processes'],
] as const;

const task = path.join(import.meta.dirname, 'tasks', 'nothing.js');
const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function ratePerSecond(backend: string, evaluate: string): Promise<number> {
  const config = await resolveConfig(
    {
      task: { module: task },
      parameters: Array.from({ length: 20 }, (_, i) => ({ name: `x${i}`, min: -5, max: 5 })),
      optimizers: [{ random: { workers: evaluate === 'inline' ? 1 : 2, evaluate } }],
      hunters: 'none',
      stop: { 'max-evaluations': EVALUATIONS },
      manager: { maxJobs: 2, backend, seed: 1 },
    },
    { baseDir: folder },
  );
  await using manager = new GloMPOManager({ config, dir: path.join(folder, 'run'), overwrite: true });
  const { evaluations, wallSeconds } = await manager.start();
  return evaluations / wallSeconds;
}

/** Median microseconds from handing one point in to having its value, one at a time. */
async function singleLatency(kind: 'threads' | 'processes'): Promise<number> {
  const waiting: (() => void)[] = [];
  await using evaluator = await createEvaluator(
    {
      spec: { kind, workers: 1, retries: 0 },
      task: { kind: 'module', path: task },
      parameters: Array.from({ length: 20 }, (_, i) => ({ name: `x${i}`, kind: 'fixed', value: 0 })),
      seed: 1,
      wantsGradient: false,
      optimizerId: 1,
      worker: 'bench',
      clock: systemClock,
      onFinished: () => {
        waiting.pop()?.();
      },
    },
    printOwn,
  );
  // Awaited here: the evaluator is disposed of when this returns.
  return await medianOfCalls(async (i) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    evaluator.submit([{ candidateId: i + 1, x: new Float64Array(20) }]);
    await promise;
  });
}

async function barePiscina(): Promise<number> {
  const pool = new Piscina({ filename: task, minThreads: 1, maxThreads: 1 });
  const latency = await medianOfCalls(async () => {
    await pool.run(new Float64Array(20));
  });
  await pool.destroy();
  return latency;
}

async function medianOfCalls(call: (i: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < SINGLE_CALLS; i++) {
    const begun = performance.now();
    await call(i);
    times.push(1000 * (performance.now() - begun));
  }
  return median(times);
}

// A child's channel alone does not keep this process alive.
const keepAlive = setInterval(() => {}, 1000);
const rows: string[] = [];
for (const [backend, evaluate] of PAIRS) {
  const rates: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) rates.push(await ratePerSecond(backend, evaluate));
  const row = `| ${backend} | ${evaluate} | ${Math.round(median(rates))} |`;
  rows.push(row);
  console.error(row);
}
const latencies = {
  'level 2 threads': await singleLatency('threads'),
  'level 2 processes': await singleLatency('processes'),
  'bare piscina': await barePiscina(),
};
console.error(latencies);
clearInterval(keepAlive);
rmSync(folder, { recursive: true });
writeFileSync(
  path.join(import.meta.dirname, 'overhead.md'),
  `# What an evaluation costs besides the task

Made by \`node bench/overhead.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
${EVALUATIONS} evaluations of a 20-D task that does nothing, one random optimizer (2 workers on level 2 threads and processes), start-up
included, every evaluation committed to the log. Medians of ${REPEATS} runs.

| level 1 | level 2 | evaluations a second |
| --- | --- | --- |
${rows.join('\n')}

One evaluation at a time, one worker, median of ${SINGLE_CALLS}:

| | microseconds there and back |
| --- | --- |
${Object.entries(latencies)
  .map(([name, latency]) => `| ${name} | ${latency.toFixed(0)} |`)
  .join('\n')}
`,
);
