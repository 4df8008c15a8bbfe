/**
 * What a checkpoint costs the manager: processor time of its thread from the request until the mark is in the log, with 100 optimizers
 * of 100 dimensions whose snapshots it takes in. Writes checkpoints.md beside this file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GloMPOManager } from '../src/index.ts';

const OPTIMIZERS = 100;
const DIMENSION = 100;
const ROUNDS = 8;
const GOAL_MS = 100;

const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
const paused: number[] = [];
const live: number[] = [];
const waits: number[] = [];
let bytes = 0;
try {
  await using manager = new GloMPOManager({
    baseDir: import.meta.dirname,
    // An evaluation takes 50 ms: the manager is far from its limits, as it is with a function that is worth it.
    task: { module: 'tasks/sleeper.js' },
    parameters: Array.from({ length: DIMENSION }, (_, i) => ({ name: `x${i + 1}`, min: -5, max: 5 })),
    optimizers: ['cma-es'],
    hunters: 'none',
    stop: { 'max-evaluations': 1e9 },
    manager: { maxJobs: OPTIMIZERS, backend: 'threads', containment: 'none', seed: 1 },
    dir: path.join(folder, 'run'),
  });
  const ended = manager.start();
  while ((manager.progress()?.evaluations ?? 0) < 5000) await sleep(200);
  for (let round = 0; round < ROUNDS; round++) {
    manager.pause('bench');
    await sleep(1000);
    paused.push((await measured(manager)).cpuMs);
    manager.unpause('bench');
    await sleep(1000);
    const { cpuMs, wallMs } = await measured(manager);
    live.push(cpuMs);
    waits.push(wallMs);
  }
  manager.kill('enough');
  await ended;
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(path.join(folder, 'run', 'run.sqlite'), { readonly: true });
  bytes = db.prepare('SELECT avg(length(data)) FROM snapshots').pluck().get() as number;
  db.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measured(
  manager: GloMPOManager,
): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  const begun = performance.now();
  const before = process.threadCpuUsage();
  await manager.checkpoint();
  const { user, system } = process.threadCpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - begun };
}

function figures(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(0)} ms, largest ${sorted.at(-1)!.toFixed(0)} ms`;
}

const text = `# Checkpoints

Made by \`node bench/checkpoints.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
${OPTIMIZERS} CMA-ES in ${DIMENSION} dimensions, each in a thread of its own, 50 ms an evaluation; ${ROUNDS} checkpoints each; a snapshot has ${Math.round(bytes / 1000)} kB.

| processor time of the manager's thread | |
| --- | --- |
| of a checkpoint alone, in a pause (goal: ${GOAL_MS} ms) | ${figures(paused)} |
| from the request to the mark while all goes on, its other work included | ${figures(live)} |

While all goes on the mark is in the log after: ${figures(waits)}. Nobody waits for it.
`;
writeFileSync(path.join(import.meta.dirname, 'checkpoints.md'), text);
console.error(text);
