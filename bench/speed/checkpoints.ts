import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GloMPOManager as Manager } from '../../src/index.ts';
import type { Bench, Benchmark, Table } from '../harness/benchmark.ts';
import { built } from '../harness/built.ts';
import { root } from '../harness/managed-run.ts';
import { measured } from '../harness/measure.ts';
import { askLog } from '../harness/run-log.ts';

const DIMENSION = 100;
const GOAL_MS = 100;

export const checkpoints: Benchmark = {
  name: 'checkpoints',
  title: 'Checkpoints',
  about: `
What a checkpoint costs the manager: processor time of its thread from the request until the mark is in the log, with 100 CMA-ES in ${DIMENSION} dimensions, each
in a thread of its own, whose snapshots it takes in. An evaluation takes 50 ms: the manager is far from its limits, as it is with a function that is worth it.

The goal is ${GOAL_MS} ms for a checkpoint alone, in a pause. While all goes on the manager's other work is in the figure, too; nobody waits for the mark.`,
  run: async (bench) => [await costs(bench)],
};

async function costs({ folder, isQuick, say }: Bench): Promise<Table> {
  const optimizers = isQuick ? 10 : 100;
  const rounds = isQuick ? 2 : 8;
  const { GloMPOManager } = await built();
  const dir = path.join(folder, 'run');
  const paused: Cost[] = [];
  const live: Cost[] = [];
  {
    await using manager = new GloMPOManager({
      baseDir: path.join(root, 'bench'),
      task: { module: 'tasks/sleeper.js' },
      parameters: Array.from({ length: DIMENSION }, (_, i) => ({ name: `x${i + 1}`, min: -5, max: 5 })),
      optimizers: ['cma-es'],
      hunters: 'none',
      stop: { 'max-evaluations': 1e9 },
      manager: { maxJobs: optimizers, backend: 'threads', containment: 'none', seed: 1 },
      dir,
    });
    const ended = manager.start();
    while ((manager.progress()?.evaluations ?? 0) < 50 * optimizers) await sleep(200);
    for (let round = 0; round < rounds; round++) {
      manager.pause('bench');
      await sleep(1000);
      paused.push(await checkpoint(manager));
      manager.unpause('bench');
      await sleep(1000);
      live.push(await checkpoint(manager));
      say(`${paused.at(-1)!.cpuMs.toFixed(0)} ms in a pause, ${live.at(-1)!.cpuMs.toFixed(0)} ms live`);
    }
    manager.kill('enough');
    await ended;
  }
  const bytes = askLog(dir, (db) =>
    db.prepare<[], number>('SELECT avg(length(data)) FROM snapshots').pluck().get()!,
  );
  return {
    title: 'A checkpoint',
    columns: [
      { name: '' },
      { name: "processor time of the manager's thread", unit: 'ms', better: 'lower' },
      { name: 'until the mark is in the log', unit: 'ms', better: 'lower' },
    ],
    rows: [
      ['alone, in a pause', paused] as const,
      ["while all goes on, the manager's other work included", live] as const,
    ].map(([name, all]) => [
      name,
      measured(all.map(({ cpuMs }) => cpuMs)),
      measured(all.map(({ wallMs }) => wallMs)),
    ]),
    notes: [
      `${optimizers} optimizers, ${rounds} checkpoints of each kind; a snapshot has ${Math.round(bytes / 1000)} kB.`,
    ],
  };
}

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

async function checkpoint(manager: Manager): Promise<Cost> {
  const began = performance.now();
  const before = process.threadCpuUsage();
  await manager.checkpoint();
  const { user, system } = process.threadCpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - began };
}
